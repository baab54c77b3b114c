//! DCT JPEG of more than 8 bits: sequential and progressive with Huffman codes
//! (ISO/IEC 10918-1 Annexes F and G).

use super::super::PixelError;
use super::jpeg_bits::{Bits, Huffman};
use super::jpeg_idct::inverse;
use super::jpeg_marks::segment;
use super::{Raster, RasterSamples};

const ZIGZAG: [usize; 64] = [
    0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7,
    14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39,
    46, 53, 60, 61, 54, 47, 55, 62, 63,
];
/// More scans than any encoder makes; each costs a pass over the image.
const MOST_SCANS: usize = 256;

struct Component {
    id: u8,
    h: usize,
    v: usize,
    table: usize,
    /// Blocks of a row and rows of blocks, filled up to whole units.
    across: usize,
    down: usize,
    /// Blocks that hold samples: what a scan of this component alone goes through.
    own_across: usize,
    own_down: usize,
    blocks: Vec<[i32; 64]>,
}

#[derive(Default)]
struct Picture {
    precision: u32,
    width: usize,
    height: usize,
    progressive: bool,
    units: (usize, usize),
    components: Vec<Component>,
}

#[derive(Default)]
struct Tables {
    quantization: [Option<[f32; 64]>; 4],
    huffman: [[Option<Huffman>; 4]; 2],
    restart: usize,
}

/// One scan's parameters (PS: Ss, Se, Ah, Al of the standard).
struct Scan {
    /// Component, DC table, AC table.
    parts: Vec<(usize, usize, usize)>,
    from: usize,
    to: usize,
    high: u32,
    low: u32,
}

fn damaged(reason: &str) -> PixelError {
    PixelError::damaged("JPEG", reason)
}

/// Decodes a stream whose size the caller has compared with the header's.
pub(crate) fn decode(data: &[u8], is_ybr: bool) -> Result<Raster, PixelError> {
    let mut picture = Picture::default();
    let mut tables = Tables::default();
    let mut rest = data.strip_prefix(&[0xFF, 0xD8]).ok_or_else(|| damaged("it has no start"))?;
    let mut scans = 0;
    while let Some((mark, content, after)) = segment(rest) {
        rest = after;
        match mark {
            0xC0..=0xC2 if picture.components.is_empty() => picture = start(mark, content)?,
            0xC4 => tables.huffman(content)?,
            0xDB => tables.quantization(content)?,
            0xDD => tables.restart = usize::from(u16::from_be_bytes([at(content, 0)?, at(content, 1)?])),
            0xDA => {
                scans += 1;
                if scans > MOST_SCANS {
                    return Err(damaged("it has too many scans"));
                }
                read_scan(&mut picture, &tables, content, rest)?;
                rest = after_scan(rest);
            }
            0xC3 | 0xC5..=0xCF => return Err(PixelError::Unsupported("this process of JPEG".to_owned())),
            0xD9 => break,
            _ => {}
        }
    }
    if scans == 0 {
        return Err(damaged("it has no scan"));
    }
    paint(&picture, &tables, is_ybr)
}

fn at(content: &[u8], index: usize) -> Result<u8, PixelError> {
    content.get(index).copied().ok_or_else(|| damaged("a segment is too short"))
}

/// The bytes from the marker that ends the scan on.
fn after_scan(data: &[u8]) -> &[u8] {
    let end = data.windows(2).position(|w| w[0] == 0xFF && !matches!(w[1], 0 | 0xFF | 0xD0..=0xD7));
    end.map_or(&[], |end| &data[end..])
}

fn start(mark: u8, content: &[u8]) -> Result<Picture, PixelError> {
    let word =
        |i| Ok::<_, PixelError>(usize::from(u16::from_be_bytes([at(content, i)?, at(content, i + 1)?])));
    let (height, width) = (word(1)?, word(3)?);
    let mut parts = Vec::new();
    for c in content.get(6..).unwrap_or(&[]).chunks_exact(3).take(usize::from(at(content, 5)?)) {
        let (h, v) = (usize::from(c[1] >> 4), usize::from(c[1] & 15));
        if !(1..=4).contains(&h) || !(1..=4).contains(&v) || c[2] > 3 {
            return Err(damaged("a component's sampling is out of range"));
        }
        parts.push((c[0], h, v, usize::from(c[2])));
    }
    let most = |f: fn(&(u8, usize, usize, usize)) -> usize| parts.iter().map(f).max();
    let (Some(h_max), Some(v_max)) = (most(|p| p.1), most(|p| p.2)) else {
        return Err(damaged("it has no components"));
    };
    let units = (width.div_ceil(8 * h_max), height.div_ceil(8 * v_max));
    let component = |(id, h, v, table): (u8, usize, usize, usize)| {
        let (across, down) = (units.0 * h, units.1 * v);
        let (own_across, own_down) = ((width * h).div_ceil(8 * h_max), (height * v).div_ceil(8 * v_max));
        Component {
            id,
            h,
            v,
            table,
            across,
            down,
            own_across,
            own_down,
            blocks: vec![[0; 64]; across * down],
        }
    };
    let components = parts.into_iter().map(component).collect();
    let precision = u32::from(at(content, 0)?);
    if !matches!(precision, 8 | 12) || width == 0 || height == 0 {
        return Err(damaged("its precision or size is out of range"));
    }
    Ok(Picture { precision, width, height, progressive: mark == 0xC2, units, components })
}

impl Tables {
    fn quantization(&mut self, mut content: &[u8]) -> Result<(), PixelError> {
        while let Some((&head, rest)) = content.split_first() {
            let size = if head >> 4 == 0 { 1 } else { 2 };
            let (values, after) =
                rest.split_at_checked(64 * size).ok_or_else(|| damaged("a table is too short"))?;
            let mut table = [0.0; 64];
            for (place, value) in ZIGZAG.iter().zip(values.chunks_exact(size)) {
                table[*place] = value.iter().fold(0.0, |sum, byte| sum * 256.0 + f32::from(*byte));
            }
            self.quantization[usize::from(head & 3)] = Some(table);
            content = after;
        }
        Ok(())
    }

    fn huffman(&mut self, mut content: &[u8]) -> Result<(), PixelError> {
        while let Some((&head, rest)) = content.split_first() {
            let (counts, rest) = rest.split_at_checked(16).ok_or_else(|| damaged("a table is too short"))?;
            let symbols: usize = counts.iter().map(|c| usize::from(*c)).sum();
            let (symbols, after) =
                rest.split_at_checked(symbols).ok_or_else(|| damaged("a table is too short"))?;
            self.huffman[usize::from(head >> 4 & 1)][usize::from(head & 3)] =
                Some(Huffman::new(counts, symbols)?);
            content = after;
        }
        Ok(())
    }

    fn of(&self, class: usize, number: usize) -> Result<&Huffman, PixelError> {
        self.huffman[class][number & 3].as_ref().ok_or_else(|| damaged("a Huffman table is missing"))
    }
}

fn read_scan(picture: &mut Picture, tables: &Tables, content: &[u8], data: &[u8]) -> Result<(), PixelError> {
    let scan = scan_of(picture, content)?;
    let mut reader = ScanReader {
        bits: Bits::new(data),
        tables,
        scan: &scan,
        progressive: picture.progressive,
        predictors: [0; 4],
        skip: 0,
    };
    let single = scan.parts.len() == 1;
    let (across, down) = match scan.parts.first() {
        Some((component, ..)) if single => {
            let component = &picture.components[*component];
            (component.own_across, component.own_down)
        }
        _ => picture.units,
    };
    for unit in 0..across * down {
        if tables.restart > 0 && unit > 0 && unit % tables.restart == 0 {
            reader.restart();
        }
        for (number, part) in scan.parts.iter().enumerate() {
            let component = &mut picture.components[part.0];
            let (h, v) = if single { (1, 1) } else { (component.h, component.v) };
            for inner in 0..h * v {
                let x = unit % across * h + inner % h;
                let y = unit / across * v + inner / h;
                let block = &mut component.blocks[y * component.across + x];
                reader.block(number, part, block)?;
            }
        }
    }
    Ok(())
}

fn scan_of(picture: &Picture, content: &[u8]) -> Result<Scan, PixelError> {
    let count = usize::from(at(content, 0)?);
    let mut parts = Vec::new();
    for i in 0..count.min(4) {
        let (id, tables) = (at(content, 1 + 2 * i)?, at(content, 2 + 2 * i)?);
        let component = picture.components.iter().position(|c| c.id == id);
        let component = component.ok_or_else(|| damaged("a scan names no component"))?;
        parts.push((component, usize::from(tables >> 4), usize::from(tables & 15)));
    }
    let tail = 1 + 2 * count;
    let (from, to) = (usize::from(at(content, tail)?), usize::from(at(content, tail + 1)?));
    let approximation = at(content, tail + 2)?;
    if parts.is_empty() || from > to || to > 63 || approximation & 15 > 13 {
        return Err(damaged("a scan's parameters are out of range"));
    }
    let progressive = picture.progressive;
    let (from, to) = if progressive { (from, to) } else { (0, 63) };
    let (high, low) = if progressive { (approximation >> 4, approximation & 15) } else { (0, 0) };
    if progressive && from > 0 && parts.len() != 1 {
        return Err(damaged("a scan mixes components"));
    }
    Ok(Scan { parts, from, to, high: high.into(), low: low.into() })
}

struct ScanReader<'a> {
    bits: Bits<'a>,
    tables: &'a Tables,
    scan: &'a Scan,
    progressive: bool,
    predictors: [i32; 4],
    /// Blocks that an end-of-band run still covers.
    skip: u32,
}

impl ScanReader<'_> {
    fn restart(&mut self) {
        self.bits.restart();
        self.predictors = [0; 4];
        self.skip = 0;
    }

    fn block(
        &mut self,
        number: usize,
        part: &(usize, usize, usize),
        block: &mut [i32; 64],
    ) -> Result<(), PixelError> {
        if !self.progressive {
            self.dc_first(number, part.1, block)?;
            return self.ac_sequential(part.2, block);
        }
        match (self.scan.from, self.scan.high) {
            (0, 0) => self.dc_first(number, part.1, block),
            (0, _) => {
                block[0] |= self.bits.take(1) << self.scan.low;
                Ok(())
            }
            (_, 0) => self.ac_first(part.2, block),
            _ => self.ac_refine(part.2, block),
        }
    }

    fn dc_first(&mut self, number: usize, table: usize, block: &mut [i32; 64]) -> Result<(), PixelError> {
        let size = self.tables.of(0, table)?.decode(&mut self.bits)?.min(16);
        let difference = self.bits.signed(size);
        self.predictors[number] = self.predictors[number].wrapping_add(difference);
        block[0] = self.predictors[number] << self.scan.low;
        Ok(())
    }

    fn ac_sequential(&mut self, table: usize, block: &mut [i32; 64]) -> Result<(), PixelError> {
        let table = self.tables.of(1, table)?;
        let mut k = 1;
        while k < 64 {
            let symbol = table.decode(&mut self.bits)?;
            let (run, size) = (symbol >> 4, symbol & 15);
            if size == 0 && run != 15 {
                break;
            }
            k += run as usize;
            if size > 0 {
                *place(block, k)? = self.bits.signed(size);
            }
            k += 1;
        }
        Ok(())
    }

    fn ac_first(&mut self, table: usize, block: &mut [i32; 64]) -> Result<(), PixelError> {
        if self.skip > 0 {
            self.skip -= 1;
            return Ok(());
        }
        let table = self.tables.of(1, table)?;
        let mut k = self.scan.from;
        while k <= self.scan.to {
            let symbol = table.decode(&mut self.bits)?;
            let (run, size) = (symbol >> 4, symbol & 15);
            if size == 0 && run < 15 {
                self.skip = (1 << run) - 1 + self.bits.take(run) as u32;
                break;
            }
            k += run as usize;
            if size > 0 {
                *place(block, k)? = self.bits.signed(size) << self.scan.low;
            }
            k += 1;
        }
        Ok(())
    }

    fn ac_refine(&mut self, table: usize, block: &mut [i32; 64]) -> Result<(), PixelError> {
        let table = self.tables.of(1, table)?;
        let step = 1 << self.scan.low;
        let mut k = self.scan.from;
        if self.skip == 0 {
            while k <= self.scan.to {
                let symbol = table.decode(&mut self.bits)?;
                let (run, size) = (symbol >> 4, symbol & 15);
                if size == 0 && run < 15 {
                    self.skip = (1 << run) + self.bits.take(run) as u32;
                    break;
                }
                let sign = if self.bits_if(size > 0) { step } else { -step };
                k = self.refine_run(block, k, run, step);
                if size > 0 && k <= self.scan.to {
                    *place(block, k)? = sign;
                }
                k += 1;
            }
        }
        if self.skip > 0 {
            self.refine_run(block, k, 64, step);
            self.skip -= 1;
        }
        Ok(())
    }

    fn bits_if(&mut self, wanted: bool) -> bool {
        wanted && self.bits.take(1) == 1
    }

    /// Passes `zeros` coefficients that are still zero, correcting the others on the way;
    /// gives the index of the zero after them.
    fn refine_run(&mut self, block: &mut [i32; 64], mut k: usize, zeros: u32, step: i32) -> usize {
        let mut left = zeros;
        while k <= self.scan.to {
            let value = &mut block[ZIGZAG[k]];
            if *value == 0 {
                if left == 0 {
                    return k;
                }
                left -= 1;
            } else if self.bits.take(1) == 1 && *value & step == 0 {
                *value += if *value > 0 { step } else { -step };
            }
            k += 1;
        }
        k
    }
}

fn place(block: &mut [i32; 64], k: usize) -> Result<&mut i32, PixelError> {
    let place = ZIGZAG.get(k).ok_or_else(|| damaged("a block is too long"))?;
    Ok(&mut block[*place])
}

/// Coefficients to samples pixel by pixel; subsampled components are repeated.
fn paint(picture: &Picture, tables: &Tables, is_ybr: bool) -> Result<Raster, PixelError> {
    let count = picture.components.len();
    let mut out = vec![0u16; picture.width * picture.height * count];
    let h_max = picture.components.iter().map(|c| c.h).max().unwrap_or(1);
    let v_max = picture.components.iter().map(|c| c.v).max().unwrap_or(1);
    for (number, component) in picture.components.iter().enumerate() {
        let plane = plane(picture.precision, component, tables)?;
        let stride = component.across * 8;
        for (i, sample) in out.iter_mut().skip(number).step_by(count).enumerate() {
            let (x, y) = (i % picture.width * component.h / h_max, i / picture.width * component.v / v_max);
            *sample = plane[y * stride + x];
        }
    }
    if is_ybr && count == 3 {
        to_rgb(&mut out, picture.precision);
    }
    Ok(Raster { precision: picture.precision as u16, is_ybr: false, samples: RasterSamples::U16(out) })
}

fn plane(precision: u32, component: &Component, tables: &Tables) -> Result<Vec<u16>, PixelError> {
    let table = tables.quantization[component.table].as_ref();
    let table = table.ok_or_else(|| damaged("a quantization table is missing"))?;
    let (middle, most) = ((1 << (precision - 1)) as f32, ((1 << precision) - 1) as f32);
    let stride = component.across * 8;
    let mut plane = vec![0u16; stride * component.down * 8];
    for (number, block) in component.blocks.iter().enumerate() {
        let corner = number / component.across * 8 * stride + number % component.across * 8;
        let scaled = std::array::from_fn(|i| block[i] as f32 * table[i]);
        for (y, row) in inverse(&scaled).as_chunks::<8>().0.iter().enumerate() {
            let target = &mut plane[corner + y * stride..][..8];
            target.iter_mut().zip(row).for_each(|(t, v)| *t = (v + middle).round().clamp(0.0, most) as u16);
        }
    }
    Ok(plane)
}

fn to_rgb(samples: &mut [u16], precision: u32) {
    let (middle, most) = ((1 << (precision - 1)) as f32, ((1 << precision) - 1) as f32);
    for [r, g, b] in samples.as_chunks_mut::<3>().0 {
        let (y, cb, cr) = (f32::from(*r), f32::from(*g) - middle, f32::from(*b) - middle);
        let clamp = |v: f32| v.round().clamp(0.0, most) as u16;
        (*r, *g, *b) =
            (clamp(y + 1.402 * cr), clamp(y - 0.344_136 * cb - 0.714_136 * cr), clamp(y + 1.772 * cb));
    }
}
