//! What an invented population has: codes with their words, devices, findings. The first of each list is the most
//! frequent.

/// Conditions, ICD-10-CM.
pub(super) const CONDITIONS: [(&str, &str); 64] = [
    ("I10", "Essential (primary) hypertension"),
    ("E78.5", "Hyperlipidemia, unspecified"),
    ("E11.9", "Type 2 diabetes mellitus without complications"),
    ("M54.5", "Low back pain"),
    ("J06.9", "Acute upper respiratory infection, unspecified"),
    ("K21.9", "Gastro-esophageal reflux disease without esophagitis"),
    ("F41.9", "Anxiety disorder, unspecified"),
    ("F32.9", "Major depressive disorder, single episode, unspecified"),
    ("J45.909", "Unspecified asthma, uncomplicated"),
    ("N39.0", "Urinary tract infection, site not specified"),
    ("E66.9", "Obesity, unspecified"),
    ("M25.561", "Pain in right knee"),
    ("R07.9", "Chest pain, unspecified"),
    ("R10.9", "Unspecified abdominal pain"),
    ("J44.9", "Chronic obstructive pulmonary disease, unspecified"),
    ("I25.10", "Atherosclerotic heart disease of native coronary artery"),
    ("I48.91", "Unspecified atrial fibrillation"),
    ("N18.3", "Chronic kidney disease, stage 3"),
    ("D64.9", "Anemia, unspecified"),
    ("E03.9", "Hypothyroidism, unspecified"),
    ("G43.909", "Migraine, unspecified"),
    ("M17.11", "Unilateral primary osteoarthritis, right knee"),
    ("J18.9", "Pneumonia, unspecified organism"),
    ("R51", "Headache"),
    ("I50.9", "Heart failure, unspecified"),
    ("G47.33", "Obstructive sleep apnea"),
    ("K57.30", "Diverticulosis of large intestine"),
    ("N40.0", "Benign prostatic hyperplasia"),
    ("M81.0", "Age-related osteoporosis"),
    ("R91.1", "Solitary pulmonary nodule"),
    ("K80.20", "Calculus of gallbladder without cholecystitis"),
    ("I63.9", "Cerebral infarction, unspecified"),
    ("N20.0", "Calculus of kidney"),
    ("K76.0", "Fatty (change of) liver"),
    ("E04.1", "Nontoxic single thyroid nodule"),
    ("M51.26", "Intervertebral disc displacement, lumbar region"),
    ("S72.001A", "Fracture of neck of right femur"),
    ("I26.99", "Pulmonary embolism without acute cor pulmonale"),
    ("C50.911", "Malignant neoplasm of right female breast"),
    ("C61", "Malignant neoplasm of prostate"),
    ("C34.11", "Malignant neoplasm of upper lobe, right bronchus or lung"),
    ("C34.90", "Malignant neoplasm of unspecified part of bronchus or lung"),
    ("C18.9", "Malignant neoplasm of colon, unspecified"),
    ("C34.31", "Malignant neoplasm of lower lobe, right bronchus or lung"),
    ("K74.60", "Unspecified cirrhosis of liver"),
    ("C22.0", "Liver cell carcinoma"),
    ("C64.1", "Malignant neoplasm of right kidney"),
    ("G35", "Multiple sclerosis"),
    ("C73", "Malignant neoplasm of thyroid gland"),
    ("I71.4", "Abdominal aortic aneurysm, without rupture"),
    ("G20", "Parkinson's disease"),
    ("G30.9", "Alzheimer's disease, unspecified"),
    ("C25.9", "Malignant neoplasm of pancreas, unspecified"),
    ("C71.9", "Malignant neoplasm of brain, unspecified"),
    ("C56.9", "Malignant neoplasm of unspecified ovary"),
    ("D86.0", "Sarcoidosis of lung"),
    ("J84.112", "Idiopathic pulmonary fibrosis"),
    ("C81.90", "Hodgkin lymphoma, unspecified"),
    ("K50.90", "Crohn's disease, unspecified"),
    ("M05.9", "Rheumatoid arthritis with rheumatoid factor"),
    ("I60.9", "Subarachnoid haemorrhage, unspecified"),
    ("A15.0", "Tuberculosis of lung"),
    ("E84.0", "Cystic fibrosis with pulmonary manifestations"),
    ("Q85.01", "Neurofibromatosis, type 1"),
];

/// Medicines, RxNorm ingredients.
pub(super) const MEDICINES: [(&str, &str); 16] = [
    ("36567", "simvastatin"),
    ("29046", "lisinopril"),
    ("6809", "metformin"),
    ("7646", "omeprazole"),
    ("161", "acetaminophen"),
    ("17767", "amlodipine"),
    ("10582", "levothyroxine"),
    ("435", "albuterol"),
    ("36437", "sertraline"),
    ("11289", "warfarin"),
    ("8640", "prednisone"),
    ("51499", "irinotecan"),
    ("40048", "carboplatin"),
    ("1547545", "pembrolizumab"),
    ("224905", "trastuzumab"),
    ("337525", "erlotinib"),
];

/// Laboratory values, LOINC: code, words, unit, mean, spread.
pub(super) const LABORATORY: [(&str, &str, &str, f64, f64); 8] = [
    ("2160-0", "Creatinine", "mg/dL", 1.0, 0.4),
    ("718-7", "Hemoglobin", "g/dL", 13.5, 2.0),
    ("4548-4", "Hemoglobin A1c", "%", 6.0, 1.2),
    ("2345-7", "Glucose", "mg/dL", 105.0, 30.0),
    ("1988-5", "C reactive protein", "mg/L", 8.0, 12.0),
    ("33914-3", "Glomerular filtration rate", "mL/min/{1.73_m2}", 78.0, 22.0),
    ("2857-1", "Prostate specific Ag", "ng/mL", 2.5, 3.0),
    ("48642-3", "D-dimer", "ug/L", 450.0, 500.0),
];

/// An exam that is asked for: modality, body part, words, findings it may show.
#[derive(Debug)]
pub struct Kind {
    /// Modality (0008,0060).
    pub modality: &'static str,
    /// Body Part Examined (0018,0015).
    pub body_part: &'static str,
    /// Study Description (0008,1030).
    pub words: &'static str,
    /// Keys of the lexicon; the first ones are the most frequent.
    pub(super) findings: &'static [&'static str],
    /// Whether only women or men have it made.
    pub(super) sex: &'static str,
}

const CHEST: &[&str] = &[
    "pleural_effusion",
    "atelectasis",
    "nodule",
    "consolidation",
    "emphysema",
    "pneumothorax",
    "lymphadenopathy",
    "cardiomegaly",
    "mass",
];
const ABDOMEN: &[&str] =
    &["renal_cyst", "gallstones", "steatosis", "kidney_stone", "ascites", "liver_lesion", "lymphadenopathy"];
const HEAD: &[&str] =
    &["white_matter_disease", "brain_atrophy", "infarct", "hemorrhage", "brain_mass", "hydrocephalus"];
const BONES: &[&str] = &["degenerative_change", "joint_effusion", "fracture", "meniscal_tear"];
const SPINE: &[&str] =
    &["disc_herniation", "canal_stenosis", "degenerative_disc_disease", "compression_fracture"];

const fn kind(
    modality: &'static str,
    body_part: &'static str,
    words: &'static str,
    findings: &'static [&'static str],
    sex: &'static str,
) -> Kind {
    Kind { modality, body_part, words, findings, sex }
}

/// A radiograph of the chest.
pub static CHEST_CR: Kind = kind("CR", "CHEST", "Chest radiograph PA", CHEST, "");
/// A CT of the chest with contrast medium.
pub static CHEST_CT: Kind = kind("CT", "CHEST", "CT chest with contrast", CHEST, "");
/// A CT of the head.
pub static HEAD_CT: Kind = kind("CT", "HEAD", "CT head without contrast", HEAD, "");
/// An MR of the brain.
pub static BRAIN_MR: Kind = kind("MR", "BRAIN", "MR brain", HEAD, "");
/// PET and CT.
pub static PET_CT: Kind = kind("PT", "CHEST", "PET/CT chest FDG", CHEST, "");
/// An MR of the prostate.
pub static PROSTATE_MR: Kind =
    kind("MR", "PROSTATE", "MR prostate", &["prostate_lesion", "benign_prostatic_hyperplasia"], "male");
/// Mammography.
pub static BREAST_MG: Kind =
    kind("MG", "BREAST", "Screening mammography", &["calcification", "mass", "asymmetry"], "female");

/// What is made of anybody; the first ones most often.
pub(super) static EVERYDAY: [&Kind; 11] = [
    &CHEST_CR,
    &kind("US", "ABDOMEN", "Ultrasound abdomen", ABDOMEN, ""),
    &CHEST_CT,
    &kind("DX", "KNEE", "Knee 3 views", BONES, ""),
    &BREAST_MG,
    &kind("CT", "ABDOMEN", "CT abdomen and pelvis", ABDOMEN, ""),
    &BRAIN_MR,
    &HEAD_CT,
    &kind("MR", "LSPINE", "MR lumbar spine", SPINE, ""),
    &PROSTATE_MR,
    &kind("NM", "HEART", "Myocardial perfusion", &["coronary_artery_disease", "myocardial_infarction"], ""),
];

/// A device: maker and model.
pub(super) type Device = (&'static str, &'static str);

/// The devices that make exams of a modality.
pub(super) fn devices(modality: &str) -> &'static [Device] {
    match modality {
        "CT" => &[
            ("SIEMENS", "SOMATOM Force"),
            ("GE MEDICAL SYSTEMS", "Revolution CT"),
            ("Canon Medical Systems", "Aquilion ONE"),
            ("Philips Medical Systems", "IQon"),
        ],
        "MR" => &[
            ("SIEMENS", "MAGNETOM Vida"),
            ("Philips Medical Systems", "Ingenia"),
            ("GE MEDICAL SYSTEMS", "SIGNA Premier"),
        ],
        "PT" => &[("SIEMENS", "Biograph Vision"), ("GE MEDICAL SYSTEMS", "Discovery MI")],
        "MG" => &[("HOLOGIC, Inc.", "Selenia Dimensions"), ("GE MEDICAL SYSTEMS", "Senographe Pristina")],
        "US" => &[("Philips Medical Systems", "EPIQ 7"), ("GE Healthcare", "LOGIQ E10")],
        "NM" => &[("SIEMENS", "Symbia Intevo")],
        _ => &[("FUJIFILM Corporation", "FDR D-EVO"), ("SIEMENS", "Ysio Max")],
    }
}

/// What follows from a condition: the medicine that is given for it, by its place in [`MEDICINES`].
pub(super) fn medicine_for(code: &str) -> Option<usize> {
    Some(match code.get(..3)? {
        "E78" => 0,
        "I10" => 1,
        "E11" => 2,
        "K21" => 3,
        "M54" | "M17" | "R51" => 4,
        "I25" => 5,
        "E03" => 6,
        "J45" | "J44" => 7,
        "F32" | "F41" => 8,
        "I48" | "I26" => 9,
        "M05" | "D86" => 10,
        "C18" => 11,
        _ => return None,
    })
}

/// Which sex alone has a condition.
pub(super) fn sex_of(code: &str) -> &'static str {
    match code.get(..3).unwrap_or_default() {
        "C61" | "N40" => "male",
        "C56" | "C50" => "female",
        _ => "",
    }
}
