//! Measures what lossless codings make of real images: `codecs FILE…` (decoded first where they are
//! compressed). Prints size ratios by modality against samples in 16 or 8 bits, speed in MB of
//! samples a second of processor time, and what showing a frame costs.
#![expect(clippy::print_stdout, reason = "printing is what it is for")]

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use bytes::Bytes;
use isocenter_dicom::pixel::render::{Labels, Presentation, RenderOptions, Viewport, render};
use isocenter_dicom::pixel::{DecodedFrame, Image, Limits, PixelError, decode_frame, encode_frame};
use isocenter_dicom::{DataSet, tags, uids};

const CODINGS: [(&str, &str); 3] = [
    ("JPEG-LS", uids::JPEGLS_LOSSLESS),
    ("RLE", uids::RLE_LOSSLESS),
    ("deflate", uids::DEFLATED_IMAGE_FRAME_COMPRESSION),
];

#[derive(Default)]
struct Sum {
    images: usize,
    raw: usize,
    coded: usize,
    logarithms: f64,
    enough: usize,
    encoding: Duration,
    decoding: Duration,
}

fn main() {
    let mut sums: BTreeMap<(String, &str), Sum> = BTreeMap::new();
    for path in std::env::args().skip(1) {
        let Ok(file) = std::fs::read(&path) else { continue };
        let Ok((data_set, frame)) = first_frame(&file.into()) else { continue };
        let modality = data_set.text(tags::MODALITY).unwrap_or_default();
        for (name, uid) in CODINGS {
            if let Err(error) = measure(&frame, uid, sums.entry((modality.clone(), name)).or_default()) {
                println!("{path}: {name}: {error}");
            }
        }
        if frame.description.rows == 512 && frame.description.columns == 512 {
            show(&frame, &data_set, &path);
        }
    }
    println!("modality\tcoding\timages\tratio\tgeometric mean\t2.5 or more\tencode MB/s\tdecode MB/s");
    for ((modality, name), sum) in &sums {
        println!("{modality}\t{name}\t{}", sum.line());
    }
}

fn first_frame(file: &Bytes) -> Result<(DataSet, DecodedFrame), PixelError> {
    let (data_set, image) = Image::open(file, &Limits::default())?;
    let frame = image.decode(image.frames.count() / 2)?;
    Ok((data_set, frame))
}

fn measure(frame: &DecodedFrame, uid: &str, sum: &mut Sum) -> Result<(), PixelError> {
    let started = Instant::now();
    let coded = encode_frame(frame, uid)?;
    let encoding = started.elapsed();
    let started = Instant::now();
    let back = decode_frame(&frame.description, uid, &coded)?;
    sum.decoding += started.elapsed();
    sum.encoding += encoding;
    if back.data != frame.data {
        return Err(PixelError::NotExact("coded"));
    }
    let ratio = frame.data.len() as f64 / coded.len() as f64;
    sum.images += 1;
    sum.raw += frame.data.len();
    sum.coded += coded.len();
    sum.logarithms += ratio.ln();
    sum.enough += usize::from(ratio >= 2.5);
    Ok(())
}

impl Sum {
    fn line(&self) -> String {
        let speed = |time: Duration| self.raw as f64 / 1e6 / time.as_secs_f64().max(1e-9);
        format!(
            "{}\t{:.2}\t{:.2}\t{}\t{:.0}\t{:.0}",
            self.images,
            self.raw as f64 / self.coded.max(1) as f64,
            (self.logarithms / self.images.max(1) as f64).exp(),
            self.enough,
            speed(self.encoding),
            speed(self.decoding)
        )
    }
}

/// Milliseconds for one frame from samples to a JPEG file, in its own size and as a thumbnail.
fn show(frame: &DecodedFrame, data_set: &DataSet, path: &str) {
    const ROUNDS: u32 = 20;
    let presentation = Presentation::of(data_set, 0);
    let small = RenderOptions { viewport: Some(Viewport::within(128, 128)), ..RenderOptions::default() };
    let time = |options: &RenderOptions| {
        let started = Instant::now();
        for _ in 0..ROUNDS {
            let _ = std::hint::black_box(render(frame, &presentation, options, &Labels::default()));
        }
        started.elapsed().as_secs_f64() * 1e3 / f64::from(ROUNDS)
    };
    println!("{path}: JPEG {:.2} ms, thumbnail {:.2} ms", time(&RenderOptions::default()), time(&small));
}
