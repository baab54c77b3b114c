//! How large a pixel is: Aperio's words, OME's XML, or the resolution fields.

use super::fields::{Directory, File};
use super::{Image, TiffError};

/// A resolution field that makes pixels larger than this many mm is what programs write when they know none
/// (72 for an inch).
const LARGEST_PIXEL: f64 = 0.02;

/// Millimetres between columns and rows.
pub(super) async fn spacing(
    file: &File<'_>,
    directory: &Directory,
    image: &Image,
) -> Result<Option<[f64; 2]>, TiffError> {
    if let Some(told) = aperio(&image.description).or_else(|| ome(&image.description)) {
        return Ok(Some(told));
    }
    let unit = match file.first(directory, 296).await? {
        Some(3) => 10.0,
        Some(2) | None => 25.4,
        Some(_) => return Ok(None),
    };
    let across = file.fraction(directory, 282).await?;
    let down = file.fraction(directory, 283).await?.or(across);
    let sound =
        |pixels: f64| Some(unit / pixels).filter(|mm| mm.is_finite() && *mm > 0.0 && *mm < LARGEST_PIXEL);
    Ok(across.and_then(sound).zip(down.and_then(sound)).map(|(x, y)| [x, y]))
}

/// `…|MPP = 0.2498|…`, in µm.
fn aperio(description: &str) -> Option<[f64; 2]> {
    let value = |text: &str| text.split_once('=').map(|(_, value)| value.trim().to_owned());
    let part = description.split(['|', '\n']).find(|part| part.trim_start().starts_with("MPP"))?;
    let mm =
        value(part)?.parse::<f64>().ok().map(|um| um / 1000.0).filter(|mm| mm.is_finite() && *mm > 0.0)?;
    Some([mm, mm])
}

/// PhysicalSizeX and PhysicalSizeY of the first Pixels element; µm unless it says otherwise.
fn ome(description: &str) -> Option<[f64; 2]> {
    let pixels = element(description, "Pixels")?;
    let size = |name: &str| {
        let number: f64 = attribute(pixels, name)?.trim().parse().ok()?;
        let unit = attribute(pixels, &format!("{name}Unit"));
        let mm = number
            * match unit.as_deref().unwrap_or("µm") {
                "µm" | "μm" | "um" | "&#181;m" | "&#xB5;m" | "&#xb5;m" => 1e-3,
                "nm" => 1e-6,
                "mm" => 1.0,
                "cm" => 10.0,
                "m" => 1e3,
                _ => return None,
            };
        Some(mm).filter(|mm| mm.is_finite() && *mm > 0.0)
    };
    Some([size("PhysicalSizeX")?, size("PhysicalSizeY")?])
}

/// What OME-TIFF calls its channels.
pub(super) fn channel_names(description: &str) -> Vec<String> {
    let channels = description.split("<Channel").skip(1).take(64);
    let names = channels.map_while(|rest| rest.split_once('>')).enumerate();
    names.map(|(nth, (one, _))| attribute(one, "Name").unwrap_or_else(|| (nth + 1).to_string())).collect()
}

fn element<'a>(xml: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = xml.split_once(&format!("<{name} "))?;
    rest.split_once('>').map(|(attributes, _)| attributes)
}

fn attribute(element: &str, name: &str) -> Option<String> {
    let (_, rest) = element
        .split_once(&format!(" {name}=\""))
        .or_else(|| element.strip_prefix(&format!("{name}=\"")).map(|rest| ("", rest)))?;
    rest.split_once('"').map(|(value, _)| value.chars().take(64).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scanners_tell_their_scale_in_words() {
        let aperio_says =
            "Aperio Image Library v10\n46000x32914 (256x256) J2K/YUV16 Q=70|AppMag = 20|MPP = 0.4990";
        assert_eq!(aperio(aperio_says), Some([0.000_499, 0.000_499]));
        let xml = r#"<OME><Image><Pixels DimensionOrder="XYCZT" PhysicalSizeX="250" PhysicalSizeXUnit="nm" PhysicalSizeY="0.5">
            <Channel ID="0" Name="DAPI"/><Channel ID="1"/></Pixels></Image></OME>"#;
        assert_eq!(ome(xml), Some([0.000_25, 0.000_5]));
        assert_eq!(channel_names(xml), ["DAPI", "2"]);
        assert_eq!(aperio("MPP = -1").or_else(|| ome("<Pixels PhysicalSizeX=\"x\">")), None);
    }
}
