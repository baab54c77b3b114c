//! SIU.

use crate::read::{PID, keys, record, records, said};
use clinical::OrderState;

fn sch(status: &str) -> String {
    format!(
        "SCH|AP1^HIS|AF1^RIS|||||Cough|Normal|30|min|^^^202401060800^202401060830||||||||||||||{status}|PO1^HIS|FO1^RIS"
    )
}

#[test]
fn an_appointment_and_its_order() {
    let told = said(
        "SIU^S12",
        &[
            &sch("Booked"),
            "NTE|1||bring shoes",
            PID,
            "RGS|1",
            "AIS|1|A|CT01^CT CHEST^L|202401060800",
            "AIL|1|A|CT^R1",
            "AIP|1|A|T1^Tech^Tom",
        ],
    );
    let appointment = record(&told, "Appointment");
    assert_eq!(keys(appointment), ["RIS|AF1|FILL", "HIS|AP1|PLAC"]);
    let content = &appointment.content;
    assert_eq!(
        (content["status"].as_str(), content["start"].as_str()),
        (Some("booked"), Some("2024-01-06T08:00:00"))
    );
    assert_eq!(
        (content["end"].as_str(), &content["minutesDuration"]),
        (Some("2024-01-06T08:30:00"), &30.into())
    );
    let actors: Vec<_> = content["participant"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|one| one["actor"]["type"].as_str())
        .collect();
    assert_eq!(actors, [Some("Patient"), Some("Location"), Some("Practitioner")]);
    assert_eq!(content["comment"], "bring shoes");
    let order = record(&told, "ServiceRequest");
    assert_eq!(
        (keys(order), order.state),
        (vec!["HIS|PO1|PLAC".into(), "RIS|FO1|FILL".into()], Some(OrderState::Scheduled))
    );
    assert!(told.left.is_empty(), "{:?}", told.left);
}

#[test]
fn states_by_trigger_and_status() {
    for (trigger, status, appointment, state) in [
        ("SIU^S12", "Booked", "booked", OrderState::Scheduled),
        ("SIU^S13", "", "booked", OrderState::Scheduled),
        ("SIU^S14", "Arrived", "arrived", OrderState::Arrived),
        ("SIU^S14", "Complete", "fulfilled", OrderState::Performed),
        ("SIU^S15", "", "cancelled", OrderState::Cancelled),
        ("SIU^S17", "Booked", "entered-in-error", OrderState::Cancelled),
        ("SIU^S26", "", "noshow", OrderState::Requested),
    ] {
        let told = said(trigger, &[&sch(status), PID]);
        assert_eq!(record(&told, "Appointment").content["status"], appointment, "{trigger} {status}");
        assert_eq!(record(&told, "ServiceRequest").state, Some(state), "{trigger} {status}");
    }
}

#[test]
fn without_numbers_only_the_appointment_is_known() {
    let told = said("SIU^S12", &["SCH|AP1", PID, "AIS|1|A|X^Y^L|20240106"]);
    assert!(records(&told, "ServiceRequest").is_empty());
    assert_eq!(record(&told, "Appointment").content["start"], "2024-01-06");
}
