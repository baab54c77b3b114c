//! Words that name nobody: those of the standard's own codes and attributes, and of everyday reports.
//! `scripts/confidentiality.py` makes `data/words.txt` from the standard; eponyms are not in it.

use std::collections::HashSet;
use std::sync::LazyLock;

static TABLE: &str = include_str!("../../data/words.txt");

static WORDS: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| TABLE.lines().chain(EVERYDAY.split_whitespace()).chain(imaging()).collect());

static IMAGING: LazyLock<HashSet<&'static str>> = LazyLock::new(|| imaging().collect());

fn imaging() -> impl Iterator<Item = &'static str> {
    REGIONS.split_whitespace().chain(TECHNIQUE.split_whitespace())
}

/// Words of reports and comments that the standard's tables happen not to have.
const EVERYDAY: &str = "
    a about again all also am an and another any appears are as asked at back be because been but by came can
    could degrees denies did discussed done due evaluate evaluation exam examination family female file fall
    follow-up followup for from given going had has have he her here him his history hospital how if in into is
    it its later latest made male may me minutes more most much my no not note noted now of off ok old on once
    only or other our out over per please possible presents previous prior r/o read reading repeat reported
    reports request requested requires right rule said same scan scanned scans see seen sent series she should
    shows since small so some status still study technique than that the their them then there these they this
    those three through time to today tomorrow two under unable unchanged until up us used using very via views
    visit was we well were what when where which while who with without yesterday yes you your error errors
    unknown none nil null na n/a unremarkable stable mild moderate severe normal large new known recent
    post pre status post-op preop postop urgent routine stat portable bedside inpatient outpatient emergency
    ward clinic room station scanner technologist radiologist physician operator nurse doctor staff team
    shift night desk call pager phone called informed notified aware caregiver guardian interpreter present
    needs help refused agreed consent claustrophobic sedated crying moving motion cooperative anxious
    wheelchair bed chair allergic allergy diabetic pregnant smoker
    has been would will must general memorial university regional community city county national central
    north south east west northern southern eastern western saint medical health center centre institute
    department division unit service services imaging radiology oncology surgery medicine pediatrics
    patient patients subject name names removed anonymous private test demo phantom sample
    und oder der die das den dem des ein eine mit ohne von vom im am ist sind war links rechts beidseits
    le la les du de des et ou avec sans pour par sur gauche droite el los las con sin por para il lo gli
";

/// Parts of the body as descriptions name them, in the languages and abbreviations of scanners.
const REGIONS: &str = "
    abd abdo abdomen abdominal ankle ant anterior aorta arm axilla axillary axial back bladder body bone bones bowel
    brain breast breasts cardiac carotid carotids cervical chest chst clavicle colon coronary cranium cspine
    dental dorsal duodenum ear elbow esophagus extremity eye face facial feet femoral femur fibula finger fingers foot
    forearm gallbladder gastric groin hand hands head heart heel hepatic hip hips humerus iac iliac jaw joint
    kidney kidneys knee knees larynx lat lateral leg legs limb lip liver lower lspine lumbar lung lungs mandible
    mastoid maxilla mediastinum mouth nasal neck nose orbit orbits ovary pancreas parotid patella pelvic pelvis
    penis pituitary placenta prostate pulmonary radius rectum renal rib ribs sacrum scapula scrotum shoulder
    shoulders sinus sinuses skin skull spine spleen sternum stomach temporal testis thigh thoracic thorax throat
    thumb thyroid tibia toe toes tongue trachea tspine ulna upper ureter urinary uterus vertebra wrist wrists
    schadel kopf hals brust lunge becken knie hufte schulter hand fuss bein leber niere herz wirbelsaule
    tete cou poitrine poumon bassin genou hanche epaule main pied foie rein coeur rachis crane
    cabeza cuello torax pulmon rodilla cadera hombro mano pie higado rinon corazon columna testa collo
    ginocchio cervello bacino spalla
";

/// What scanners and their users call how an image was made.
const TECHNIQUE: &str = "
    acq adc adult angio angiography arterial asset ax axl bh blade bold bravo breath bw cad calib calibration
    cect cine cm con contrast cor coronal cr ct cta ctp cube cv delayed diffusion dixon dose dti dual dwi dx dyn
    dynamic ecg eco echo epi fast fat feet ffe fiesta first fiducial flair flash fov fs fse func function gad gated
    ge gradient gre grey haste head hires hr image images ir iso kernel kv left lava library loc localizer low
    lt map mag mas mip mm motion mp mpr mprage mr mra mri mrs nc neuro nm non oblique obl ortho pa pass pc pd
    pediatric perf perfusion petct pet phase plain plane planar portal post pre prone propeller protocol pt pv
    qa qc ra rao recon ref report resp rest right rl routine rt sag sagittal sat scout screen se seg sense
    sequence series set shim slab slice soft space spair specials spgr spin spiral spoiled std stir stress
    supine swi t1 t2 te tech test tfe tfl thick thin thins tilt tirm tof topogram tr tra trace trans transverse
    trauma trufi trufisp tse us vascular ven venous vibe view views vol volume vp w wb water wi wo xa xr yr
    screening diagnostic mammo mammography mlo lmlo rmlo rcc lcc cc ap pa lat ped peds inf sup ls rs
    early late inter intra arterielle native nativ kontrast mit ohne avec sans
";

/// Whether the word, folded, is one that names nobody where a name is only guessed.
pub(super) fn is_word(folded: &str) -> bool {
    WORDS.contains(folded) || is_plural(folded)
}

/// Whether it is a word, or two of imaging written as one, as defined terms are: `HEADNECK`.
pub(super) fn is_term(folded: &str) -> bool {
    let halves =
        |at| folded.split_at_checked(at).is_some_and(|(a, b)| is_imaging_term(a) && is_imaging_term(b));
    is_word(folded) || (3..folded.len().saturating_sub(2)).any(halves)
}

fn is_plural(folded: &str) -> bool {
    folded.strip_suffix('s').is_some_and(|one| one.len() > 3 && WORDS.contains(one))
}

/// Whether the word, folded, is so much part of descriptions that it counts as a name only beside another.
pub(super) fn is_imaging_term(folded: &str) -> bool {
    IMAGING.contains(folded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_are_words_and_names_are_none() {
        for word in ["lung", "flair", "cerebellar", "challenges", "chest", "daughter"] {
            assert!(is_word(word), "{word}");
        }
        for name in ["baker", "parkinson", "smith", "okonkwo", "halloran", "young"] {
            assert!(!is_word(name), "{name}");
        }
        assert!(is_term("headneck") && !is_term("headley"));
        assert!(is_imaging_term("head") && !is_imaging_term("brown"));
    }
}
