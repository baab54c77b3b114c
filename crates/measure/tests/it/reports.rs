use bytes::Bytes;
use dicom::sr::Graphic;
use dicom::{DataSet, TransferSyntax, tags};
use measure::exam::Image;
use measure::{
    Derivation, Exam, Expected, Measurement, Place, Quantity, Shape, Value, Version, Work, others, report,
};
use model::Timestamp;
use proptest::prelude::*;

fn exam() -> Exam {
    let mut head = DataSet::new();
    head.put_text(tags::STUDY_INSTANCE_UID, "1.2");
    head.put_text(tags::PATIENT_NAME, "Test^Anna");
    let image = Image { series: "1.2.3".into(), sop_class: "1.2.840.10008.5.1.4.1.1.2".into() };
    Exam { head: dicom::made::beside(&head), images: [("1.2.3.4".to_owned(), image)].into() }
}

fn version(number: u32) -> Version {
    Version {
        series: "2.25.7".into(),
        sop: format!("2.25.7{number}"),
        number,
        replaces: (number > 1).then(|| format!("2.25.7{}", number - 1)),
        changed: vec!["2.25.1".into()],
        at: Timestamp::from_micros(1_790_000_000_000_000),
    }
}

fn value(
    quantity: Quantity,
    derivation: Option<Derivation>,
    value: f64,
    unit: &str,
    shape: Option<usize>,
) -> Value {
    Value { quantity, derivation, value, unit: unit.into(), shape }
}

fn drawn(tool: &str, shapes: Vec<Shape>, values: Vec<Value>) -> Measurement {
    Measurement {
        tracking_uid: "2.25.1".into(),
        tool: tool.into(),
        label: "Knoten, links".into(),
        image: Some(Place { series: "1.2.3".into(), sop: "1.2.3.4".into(), frame: Some(2) }),
        frame_of_reference_uid: None,
        shapes,
        values,
        state: serde_json::json!({"exact": 0.1 + 0.2}),
    }
}

fn shape(graphic: Graphic, points: &[f64]) -> Shape {
    Shape { graphic, points: points.to_vec() }
}

/// One of each tool.
fn every_tool() -> Vec<Measurement> {
    use Quantity::{Angle, Area, CobbAngle, Length, LongAxis, PixelValue, ShortAxis};
    let line = |x: f64| shape(Graphic::Polyline, &[x, 1.5, x + 10.0, 8.5]);
    let statistics = |unit: &str| {
        vec![
            value(Area, None, 120.5, "mm2", None),
            value(PixelValue, Some(Derivation::Mean), -31.25, unit, None),
            value(PixelValue, Some(Derivation::StandardDeviation), 12.0, unit, None),
            value(PixelValue, Some(Derivation::Minimum), -90.0, unit, None),
            value(PixelValue, Some(Derivation::Maximum), 44.0, unit, None),
        ]
    };
    let closed = shape(Graphic::Polyline, &[1.0, 1.0, 9.0, 1.0, 9.0, 9.0, 1.0, 9.0, 1.0, 1.0]);
    vec![
        drawn("Length", vec![line(1.0)], vec![value(Length, None, 12.0, "mm", Some(0))]),
        drawn("Length", vec![line(1.0)], vec![value(Length, None, 12.0, "{pixels}", Some(0))]),
        drawn(
            "Bidirectional",
            vec![line(1.0), line(3.0)],
            vec![value(LongAxis, None, 12.0, "mm", Some(0)), value(ShortAxis, None, 7.5, "mm", Some(1))],
        ),
        drawn(
            "Angle",
            vec![shape(Graphic::Polyline, &[1.0, 1.0, 5.0, 5.0, 9.0, 1.0])],
            vec![value(Angle, None, 90.0, "deg", Some(0))],
        ),
        drawn(
            "CobbAngle",
            vec![shape(Graphic::Polyline, &[1.0, 1.0, 5.0, 5.0, 9.0, 1.0, 12.0, 4.0])],
            vec![value(CobbAngle, None, 41.0, "deg", Some(0))],
        ),
        drawn(
            "EllipticalROI",
            vec![shape(Graphic::Ellipse, &[1.0, 5.0, 9.0, 5.0, 5.0, 3.0, 5.0, 7.0])],
            statistics("[hnsf'U]"),
        ),
        drawn("CircleROI", vec![shape(Graphic::Circle, &[5.0, 5.0, 9.0, 5.0])], statistics("{SUVbw}g/ml")),
        drawn("RectangleROI", vec![closed.clone()], statistics("1")),
        drawn("PlanarFreehandROI", vec![closed], statistics("[hnsf'U]")),
        drawn("ArrowAnnotate", vec![shape(Graphic::Point, &[4.5, 4.5])], Vec::new()),
        drawn(
            "Probe",
            vec![shape(Graphic::Point, &[4.5, 4.5])],
            vec![value(PixelValue, None, 31.0, "[hnsf'U]", Some(0))],
        ),
        Measurement {
            image: None,
            frame_of_reference_uid: Some("1.2.9".into()),
            ..drawn(
                "Length",
                vec![shape(Graphic::Polyline, &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0])],
                vec![value(Length, None, 5.2, "mm", Some(0))],
            )
        },
    ]
}

/// Written to a file and read again.
fn through_a_file(work: &Work, number: u32) -> DataSet {
    let document = report::document(work, &exam(), &version(number));
    let file = Bytes::from(dicom::write_file(&document, &TransferSyntax::EXPLICIT_LE, None));
    dicom::read_header(&file).unwrap().data_set
}

#[test]
fn every_tool_comes_back_exactly_and_is_read_by_those_who_know_nothing_of_us() {
    for (at, mut measurement) in every_tool().into_iter().enumerate() {
        measurement.check().unwrap();
        measurement.tracking_uid = format!("2.25.{}", at + 1);
        let mut work = Work::of("ann");
        work.put(measurement.clone(), Expected::Nothing, Timestamp::from_micros(5)).unwrap();
        let mut document = through_a_file(&work, 1);
        assert_eq!(report::work_of(&document), Some(work));

        document.retain(|element| element.tag.0 % 2 == 0);
        let read = others::read(&document);
        assert_eq!((read.author.as_str(), read.title.as_str()), ("ann", "Imaging Measurement Report"));
        let [found] = &read.measurements[..] else { panic!("one group, {}", measurement.tool) };
        assert_eq!(found.tracking_uid.as_ref(), Some(&measurement.tracking_uid));
        assert!(found.label.contains("Knoten"));
        assert_eq!(found.values.len(), measurement.values.len());
        for (found, value) in found.values.iter().zip(&measurement.values) {
            assert_eq!((found.value, &found.unit), (value.value, &value.unit));
            assert_eq!(found.derivation.is_some(), value.derivation.is_some());
        }
        let shapes: Vec<_> = found.regions.iter().map(|region| region.shape.clone()).collect();
        assert_eq!(shapes, measurement.shapes, "{}", measurement.tool);
        for region in &found.regions {
            assert_eq!(region.image.is_some(), measurement.image.is_some());
            assert_eq!(region.frame_of_reference_uid, measurement.frame_of_reference_uid);
            assert!(region.image.as_ref().is_none_or(|image| image.frame == Some(2)));
        }
    }
}

#[test]
fn a_later_version_names_the_one_before_and_leaves_out_what_was_removed() {
    let mut work = Work::of("ann");
    for (at, mut measurement) in every_tool().into_iter().enumerate() {
        measurement.tracking_uid = format!("2.25.{}", at + 1);
        work.put(measurement, Expected::Nothing, Timestamp::from_micros(5)).unwrap();
    }
    work.remove("2.25.1", Expected::Version(1), Timestamp::from_micros(6)).unwrap();
    let document = through_a_file(&work, 2);
    let before = document.items(tags::PREDECESSOR_DOCUMENTS_SEQUENCE);
    assert_eq!(before[0].uid(tags::STUDY_INSTANCE_UID).as_deref(), Some("1.2"));
    assert_eq!(others::read(&document).measurements.len(), every_tool().len() - 1);
    assert!(report::work_of(&document).unwrap().entry("2.25.1").unwrap().removed);
}

#[test]
fn reports_that_mean_harm_are_survived() {
    let mut deep = DataSet::new();
    for _ in 0..60 {
        let mut outer = DataSet::new();
        outer.put_text(tags::VALUE_TYPE, "CONTAINER");
        outer.put_items(tags::CONTENT_SEQUENCE, vec![deep]);
        deep = outer;
    }
    assert!(others::read(&deep).measurements.is_empty());
    let mut odd = through_a_file(&Work::of("ann"), 1);
    odd.put_text(tags::CONTENT_SEQUENCE, "no sequence");
    assert!(others::read(&odd).measurements.is_empty());
}

/// Numbers that sixteen characters hold exactly, as a decimal string allows (PS3.5 §6.2).
fn eighths() -> impl Strategy<Value = f64> {
    (-40_000i32..40_000).prop_map(|number| f64::from(number) / 8.0)
}

proptest! {
    #[test]
    fn coordinates_and_values_survive(points in proptest::collection::vec(eighths(), 2..40),
                                      number in eighths(), label in "[^\\x00-\\x1f\\\\]{0,40}") {
        let mut points = points;
        points.truncate(points.len() / 2 * 2);
        let mut measurement = drawn("Length", vec![shape(Graphic::Polyline, &points)],
            vec![value(Quantity::Length, None, number, "mm", Some(0))]);
        measurement.label = label;
        prop_assert!(measurement.check().is_ok());
        let mut work = Work::of("ann");
        work.put(measurement.clone(), Expected::Nothing, Timestamp::from_micros(5)).unwrap();
        let document = through_a_file(&work, 1);
        prop_assert_eq!(report::work_of(&document), Some(work));
        let read = others::read(&document);
        let found = &read.measurements[0];
        prop_assert_eq!(found.values[0].value, number);
        for (kept, drawn) in found.regions[0].shape.points.iter().zip(&points) {
            prop_assert!((kept - drawn).abs() <= drawn.abs() * 1e-6);
        }
    }
}
