//! Which pictures of a file are the slide, which are smaller forms of it, and which show its glass.

use super::fields::{Directory, File};
use super::{Image, Ranges, TiffError, scale};

/// How much the sides of a level may differ from the slide's proportions; scanners round, or cut the edges.
const SKEW: f64 = 0.02;

/// The slide in a file.
pub struct Pyramid {
    /// What can be looked at in one place: one for light, one for each stain or channel.
    pub paths: Vec<Path>,
    /// Millimetres between columns and between rows of the finest level.
    pub spacing_mm: Option<[f64; 2]>,
    /// The label on the glass, which may show names.
    pub label: Option<Image>,
    /// The whole glass, its label often with it.
    pub overview: Option<Image>,
}

/// Levels of one optical path.
pub struct Path {
    /// What the file calls it, or its number.
    pub name: String,
    /// From fine to coarse.
    pub levels: Vec<Image>,
}

impl Pyramid {
    /// Finds the slide in a file.
    ///
    /// # Errors
    /// [`TiffError`] where it is no TIFF, is damaged, or has nothing in tiles.
    pub async fn open(ranges: &dyn Ranges) -> Result<Self, TiffError> {
        let (file, first) = File::open(ranges).await?;
        let chain = file.directories(first).await?;
        let main = chain.first().ok_or(TiffError::NotTiled)?;
        let finest = Image::of(&file, main).await?;
        if !finest.tiled {
            return Err(TiffError::NotTiled);
        }
        let spacing_mm = scale::spacing(&file, main, &finest).await?;
        let names = scale::channel_names(&finest.description);
        let mut slide = Self { paths: Vec::new(), spacing_mm, label: None, overview: None };
        let base = (finest.columns, finest.rows);
        let has_below = !main.below.is_empty();
        slide.add_path(&file, finest, main, &names).await?;
        for (nth, directory) in chain.iter().enumerate().skip(1) {
            // What can't be read beside the slide is not the slide: a label in a form of its own, say.
            let Ok(image) = Image::of(&file, directory).await else { continue };
            if image.tiled && (image.columns, image.rows) == base {
                slide.add_path(&file, image, directory, &names).await?;
            } else if image.tiled && !has_below && is_smaller(&image, base) {
                slide.paths[0].levels.push(image);
            } else {
                slide.add_beside(nth, image);
            }
        }
        for path in &mut slide.paths {
            path.levels.sort_by_key(|level| std::cmp::Reverse(level.columns));
            path.levels.dedup_by_key(|level| level.columns);
        }
        let levels: Vec<_> = slide.paths[0].levels.iter().map(|level| (level.columns, level.rows)).collect();
        slide.paths.retain(|path| {
            path.levels.iter().map(|level| (level.columns, level.rows)).eq(levels.iter().copied())
        });
        Ok(slide)
    }

    async fn add_path(
        &mut self,
        file: &File<'_>,
        finest: Image,
        directory: &Directory,
        names: &[String],
    ) -> Result<(), TiffError> {
        let (number, base) = (self.paths.len(), (finest.columns, finest.rows));
        let mut levels = vec![finest];
        for below in &directory.below {
            let image = Image::of(file, below).await?;
            if image.tiled && is_smaller(&image, base) {
                levels.push(image);
            }
        }
        let name = names.get(number).cloned().unwrap_or_else(|| (number + 1).to_string());
        self.paths.push(Path { name, levels });
        Ok(())
    }

    /// Aperio names them in the second line of the description, or by NewSubfileType alone; its second
    /// picture is a thumbnail of the slide, which the levels show already.
    fn add_beside(&mut self, nth: usize, image: Image) {
        let said = image.description.lines().nth(1).or(image.description.lines().next()).unwrap_or_default();
        let says = |word: &str| said.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
        if says("label") || (said.is_empty() && image.kind == 1 && nth > 1) {
            self.label.get_or_insert(image);
        } else if says("macro") || says("overview") || image.kind == 9 {
            self.overview.get_or_insert(image);
        }
    }
}

/// A smaller form of a picture has its proportions.
fn is_smaller(image: &Image, (columns, rows): (u32, u32)) -> bool {
    let across = f64::from(columns) / f64::from(image.columns);
    let down = f64::from(rows) / f64::from(image.rows);
    // One pixel more or less counts for much in a small level.
    let rounding = 1.0 / f64::from(image.columns.min(image.rows));
    across > 1.0 && (across / down - 1.0).abs() < SKEW + rounding
}
