//! Who comes to the demo hospital, when, and for what. All of them are invented.

use jiff::civil::{Date, date};

/// A synthetic patient.
#[derive(Debug)]
pub struct Patient {
    /// Patient ID.
    pub id: &'static str,
    /// Patient's Name, with its other spellings where there are any (PS3.5 §6.2.1).
    pub name: &'static str,
    /// `F`, `M` or `O`.
    pub sex: &'static str,
    /// Birth date.
    pub born: Date,
    /// kg.
    pub weight: f64,
    /// m.
    pub height: f64,
    /// Visits, oldest first.
    pub visits: &'static [Visit],
}

/// One exam of a patient.
#[derive(Debug)]
pub struct Visit {
    /// The day.
    pub date: Date,
    /// Minutes after midnight.
    pub minute: u16,
    /// What is done.
    pub kind: Kind,
}

/// What can be done at the demo hospital.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kind {
    /// Computed tomography of the chest. The nodule's diameter is in mm, 0 for none.
    ChestCt {
        /// Diameter of a nodule in the right upper lobe, mm.
        nodule: f32,
        /// With contrast medium in the vessels.
        contrast: bool,
    },
    /// A quick CT of the chest with thick slices, for people of whom there are many.
    ChestSurvey {
        /// Diameter of a nodule in the right upper lobe, mm.
        nodule: f32,
    },
    /// Computed tomography of the head, without contrast medium.
    HeadCt,
    /// Magnetic resonance of the brain: T1, T2 and FLAIR.
    HeadMr {
        /// Lesions of the white matter.
        lesions: u8,
    },
    /// A chest radiograph, from behind. The nodule's diameter is in mm.
    ChestCr {
        /// Diameter of a nodule, mm.
        nodule: f32,
        /// Size of the heart; 1 is normal.
        heart: f32,
    },
    /// Echocardiography: two cines of the four-chamber view, the second with colour Doppler.
    Echo {
        /// How much of its filling the left ventricle puts out, 0 to 1.
        ejection: f32,
    },
    /// Positron emission tomography of the chest with FDG, and the CT that goes with it.
    PetCt {
        /// Diameter of a nodule, mm.
        nodule: f32,
        /// Its standardized uptake value, g/mL.
        uptake: f32,
    },
}

const fn visit(date: Date, minute: u16, kind: Kind) -> Visit {
    Visit { date, minute, kind }
}

const fn ct(nodule: f32, contrast: bool) -> Kind {
    Kind::ChestCt { nodule, contrast }
}

const fn mr(lesions: u8) -> Kind {
    Kind::HeadMr { lesions }
}

const fn cr(nodule: f32, heart: f32) -> Kind {
    Kind::ChestCr { nodule, heart }
}

const fn echo(ejection: f32) -> Kind {
    Kind::Echo { ejection }
}

const fn pet(nodule: f32, uptake: f32) -> Kind {
    Kind::PetCt { nodule, uptake }
}

/// Everybody.
pub const ALL: &[Patient] = &[
    Patient {
        id: "DEMO-0001",
        name: "Lindqvist^Ingrid^Maria",
        sex: "F",
        born: date(1954, 3, 17),
        weight: 68.0,
        height: 1.66,
        visits: &[
            visit(date(2022, 2, 8), 555, cr(9.0, 1.0)),
            visit(date(2022, 2, 21), 610, ct(9.0, true)),
            visit(date(2022, 9, 5), 640, ct(13.0, true)),
            visit(date(2022, 9, 14), 495, pet(14.0, 7.8)),
            visit(date(2023, 3, 20), 602, ct(6.0, true)),
        ],
    },
    Patient {
        id: "DEMO-0002",
        name: "Okafor^Chinedu",
        sex: "M",
        born: date(1961, 11, 2),
        weight: 92.0,
        height: 1.83,
        visits: &[
            visit(date(2021, 5, 11), 522, cr(0.0, 1.22)),
            visit(date(2021, 5, 11), 631, echo(0.34)),
            visit(date(2022, 6, 2), 575, echo(0.43)),
            visit(date(2023, 6, 19), 588, echo(0.52)),
            visit(date(2023, 6, 19), 702, cr(0.0, 1.1)),
        ],
    },
    Patient {
        id: "DEMO-0003",
        name: "Müller^Jörg^^Dr.",
        sex: "M",
        born: date(1978, 7, 29),
        weight: 79.0,
        height: 1.78,
        visits: &[
            visit(date(2020, 10, 6), 845, mr(3)),
            visit(date(2021, 10, 12), 851, mr(7)),
            visit(date(2022, 10, 4), 838, mr(12)),
            visit(date(2023, 10, 9), 842, mr(13)),
        ],
    },
    Patient {
        id: "DEMO-0004",
        name: "Yamada^Hanako=山田^花子=やまだ^はなこ",
        sex: "F",
        born: date(1949, 1, 5),
        weight: 51.0,
        height: 1.53,
        visits: &[
            visit(date(2023, 1, 16), 566, ct(0.0, false)),
            visit(date(2023, 1, 30), 611, pet(0.0, 0.0)),
            visit(date(2024, 2, 12), 569, cr(0.0, 1.05)),
        ],
    },
    Patient {
        id: "DEMO-0005",
        name: "Ferreira^João^da Silva",
        sex: "M",
        born: date(1985, 9, 23),
        weight: 84.0,
        height: 1.75,
        visits: &[visit(date(2024, 4, 3), 1321, Kind::HeadCt), visit(date(2024, 4, 4), 660, mr(0))],
    },
    Patient {
        id: "DEMO-0006",
        name: "Kowalska^Zofia",
        sex: "F",
        born: date(1943, 12, 12),
        weight: 63.0,
        height: 1.58,
        visits: &[
            visit(date(2023, 8, 21), 498, cr(0.0, 1.15)),
            visit(date(2023, 8, 21), 560, echo(0.48)),
            visit(date(2024, 1, 15), 1015, Kind::HeadCt),
        ],
    },
    Patient {
        id: "DEMO-0007",
        name: "Haddad^Samir",
        sex: "M",
        born: date(1969, 4, 14),
        weight: 88.0,
        height: 1.77,
        visits: &[
            visit(date(2023, 5, 8), 615, cr(16.0, 1.0)),
            visit(date(2023, 5, 15), 530, ct(16.0, true)),
            visit(date(2023, 5, 23), 505, pet(17.0, 11.4)),
            visit(date(2023, 11, 27), 534, pet(8.0, 2.9)),
        ],
    },
    Patient {
        id: "DEMO-0008",
        name: "Иванова^Ольга",
        sex: "F",
        born: date(1990, 2, 28),
        weight: 59.0,
        height: 1.69,
        visits: &[visit(date(2023, 3, 6), 780, mr(2)), visit(date(2024, 3, 11), 785, mr(4))],
    },
    Patient {
        id: "DEMO-0009",
        name: "Smith^Alex",
        sex: "O",
        born: date(1998, 6, 19),
        weight: 70.0,
        height: 1.72,
        visits: &[visit(date(2024, 5, 2), 940, cr(0.0, 0.95))],
    },
    Patient {
        id: "DEMO-0010",
        name: "Nguyễn^Thị Mai",
        sex: "F",
        born: date(1972, 8, 8),
        weight: 55.0,
        height: 1.57,
        visits: &[
            visit(date(2022, 11, 14), 520, ct(5.0, false)),
            visit(date(2023, 11, 20), 525, ct(5.0, false)),
        ],
    },
    Patient {
        id: "DEMO-0011",
        name: "O'Connor^Patrick^James",
        sex: "M",
        born: date(1957, 10, 31),
        weight: 97.0,
        height: 1.81,
        visits: &[visit(date(2023, 9, 25), 545, cr(0.0, 1.3)), visit(date(2023, 9, 25), 668, echo(0.28))],
    },
    Patient {
        id: "DEMO-0012",
        name: "Rossi^Giulia",
        sex: "F",
        born: date(1966, 5, 25),
        weight: 61.0,
        height: 1.64,
        visits: &[
            visit(date(2023, 12, 4), 730, mr(1)),
            visit(date(2023, 12, 18), 505, echo(0.61)),
            visit(date(2024, 6, 10), 602, cr(0.0, 0.98)),
        ],
    },
];
