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
pub(super) struct Kind {
    pub(super) modality: &'static str,
    pub(super) body_part: &'static str,
    pub(super) words: &'static str,
    pub(super) findings: &'static [&'static str],
}

const CHEST: &[&str] = &[
    "nodule",
    "pleural_effusion",
    "consolidation",
    "emphysema",
    "atelectasis",
    "lymphadenopathy",
    "pneumothorax",
    "mass",
];
const ABDOMEN: &[&str] = &["cyst", "calculus", "steatosis", "ascites", "mass", "lymphadenopathy", "aneurysm"];
const HEAD: &[&str] = &["atrophy", "infarct", "hemorrhage", "white_matter_lesion", "mass", "hydrocephalus"];
const BONES: &[&str] = &["fracture", "degenerative_change", "joint_effusion", "disc_herniation", "stenosis"];

pub(super) const KINDS: [Kind; 12] = [
    Kind { modality: "CR", body_part: "CHEST", words: "Chest PA and lateral", findings: CHEST },
    Kind { modality: "US", body_part: "ABDOMEN", words: "Ultrasound abdomen", findings: ABDOMEN },
    Kind { modality: "CT", body_part: "CHEST", words: "CT chest with contrast", findings: CHEST },
    Kind { modality: "CT", body_part: "ABDOMEN", words: "CT abdomen and pelvis", findings: ABDOMEN },
    Kind { modality: "MR", body_part: "BRAIN", words: "MR brain", findings: HEAD },
    Kind { modality: "DX", body_part: "KNEE", words: "Knee 3 views", findings: BONES },
    Kind { modality: "CT", body_part: "HEAD", words: "CT head without contrast", findings: HEAD },
    Kind { modality: "MR", body_part: "LSPINE", words: "MR lumbar spine", findings: BONES },
    Kind {
        modality: "MG",
        body_part: "BREAST",
        words: "Screening mammography",
        findings: &["mass", "calcification"],
    },
    Kind {
        modality: "MR",
        body_part: "PROSTATE",
        words: "MR prostate",
        findings: &["lesion", "hyperplasia"],
    },
    Kind { modality: "PT", body_part: "WHOLEBODY", words: "PET/CT skull base to thigh", findings: CHEST },
    Kind {
        modality: "NM",
        body_part: "HEART",
        words: "Myocardial perfusion",
        findings: &["ischemia", "infarct"],
    },
];

/// Makers of devices and their models.
pub(super) const DEVICES: [(&str, &str); 8] = [
    ("SIEMENS", "SOMATOM Force"),
    ("GE MEDICAL SYSTEMS", "Revolution CT"),
    ("Philips Medical Systems", "Ingenia"),
    ("SIEMENS", "MAGNETOM Vida"),
    ("Canon Medical Systems", "Aquilion ONE"),
    ("GE MEDICAL SYSTEMS", "SIGNA Premier"),
    ("FUJIFILM Corporation", "FDR D-EVO"),
    ("HOLOGIC, Inc.", "Selenia Dimensions"),
];
