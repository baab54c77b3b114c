//! Sentences that ask for something, written to be unlike those the rules were made with; some then taught a rule.

use crate::shared::reader;

/// A sentence, the examination it asks for in small letters, and after how long.
type Asked = (&'static str, Option<&'static str>, Option<&'static str>);

const ASKED: [Asked; 35] = [
    ("Recommend follow-up chest CT in 3 months.", Some("chest ct"), Some("3 months")),
    ("Follow-up low-dose CT at 6 to 12 months is advised.", Some("low-dose ct"), Some("6-12 months")),
    ("A repeat ultrasound in six weeks would be helpful.", Some("ultrasound"), Some("6 weeks")),
    ("Suggest dedicated renal protocol MRI for further characterization.", Some("renal protocol mri"), None),
    (
        "Further evaluation with contrast-enhanced MRI of the liver is recommended.",
        Some("contrast-enhanced mri of the liver"),
        None,
    ),
    ("Consider PET/CT for further evaluation.", Some("pet/ct"), None),
    ("Tissue sampling is recommended.", Some("tissue sampling"), None),
    ("Correlation with thyroid ultrasound is suggested.", Some("thyroid ultrasound"), None),
    (
        "Short-interval follow-up mammogram of the left breast in 6 months.",
        Some("mammogram of the left breast"),
        Some("6 months"),
    ),
    (
        "Nonemergent thyroid ultrasound can be obtained for further evaluation.",
        Some("thyroid ultrasound"),
        None,
    ),
    ("Attention on follow-up imaging in 12 months.", Some("follow-up imaging"), Some("12 months")),
    ("Annual screening mammography is recommended.", Some("screening mammography"), Some("1 year")),
    (
        "Repeat chest radiograph in 4-6 weeks to document resolution.",
        Some("chest radiograph"),
        Some("4-6 weeks"),
    ),
    ("Colonoscopy should be performed if not recently done.", Some("colonoscopy"), None),
    ("MRCP may be considered for further assessment.", Some("mrcp"), None),
    (
        "CT angiography of the neck is advised to exclude dissection.",
        Some("ct angiography of the neck"),
        None,
    ),
    ("Ultrasound-guided core biopsy is recommended.", Some("ultrasound-guided core biopsy"), None),
    ("Bone scan could be obtained as clinically warranted.", Some("bone scan"), None),
    ("Per Fleischner guidelines, CT at 12 months, then at 24 months.", Some("ct"), Some("12 months")),
    ("Follow up with echocardiography within 2 weeks.", Some("echocardiography"), Some("2 weeks")),
    ("Would recommend follow-up DEXA in 2 years.", Some("dexa"), Some("2 years")),
    (
        "Doppler ultrasound of the lower extremities recommended to exclude DVT.",
        Some("doppler ultrasound of the lower extremities"),
        None,
    ),
    (
        "Follow-up imaging with CT abdomen and pelvis in 90 days is suggested.",
        Some("ct abdomen and pelvis"),
        Some("90 days"),
    ),
    ("Diagnostic mammogram and targeted ultrasound are recommended.", Some("diagnostic mammogram"), None),
    ("Prostate MRI in 1 year or sooner if PSA rises.", Some("prostate mri"), Some("1 year")),
    (
        "If clinical concern persists, MRI of the hip without contrast is the study of choice.",
        Some("mri of the hip without contrast"),
        None,
    ),
    (
        "The patient should return in 6 months for a left breast ultrasound.",
        Some("left breast ultrasound"),
        Some("6 months"),
    ),
    ("Fine needle aspiration should be considered.", Some("fine needle aspiration"), None),
    ("Surveillance CT every 6 months for 2 years.", Some("surveillance ct"), Some("6 months")),
    ("Follow-up is recommended in 3 months with repeat CT.", Some("ct"), Some("3 months")),
    ("Next CT in one year.", Some("ct"), Some("1 year")),
    ("Direct visualization is recommended.", Some("direct visualization"), None),
    ("Unchanged from CT abdomen and pelvis of 2019.", None, None),
    ("CT chest in 3 months and liver ultrasound.", Some("ct chest"), Some("3 months")),
    ("Follow-up imaging in 6 months is recommended.", Some("follow-up imaging"), Some("6 months")),
];

#[test]
fn what_is_asked_for_and_when() {
    let reader = reader();
    let mut faults = Vec::new();
    for (sentence, test, interval) in ASKED {
        let reading = reader.read(&format!("IMPRESSION: {sentence}"));
        let first = reading.recommendations.first();
        let named = first.and_then(|one| one.test.as_deref()).map(str::to_lowercase);
        let when = first.and_then(|one| one.interval.as_ref()).map(|interval| interval.text.clone());
        if named.as_deref() != test || when.as_deref() != interval {
            faults.push(format!("{sentence} {named:?} {when:?}"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
