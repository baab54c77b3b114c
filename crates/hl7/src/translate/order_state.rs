//! Where an order stands: ORC-1 (table 0119), ORC-5 (table 0038), OBR-25 (table 0123).

use crate::Segment;
use clinical::OrderState;

/// The state and FHIR's word for it (RequestStatus).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Standing {
    pub state: Option<OrderState>,
    pub status: &'static str,
}

/// Where an order of these segments stands; `timed` when it has a time.
pub(super) fn of(orc: Option<Segment<'_>>, obr: Option<Segment<'_>>, timed: bool) -> Standing {
    let said = |segment: Option<Segment<'_>>, number| {
        segment.and_then(|segment| segment.first(number)).unwrap_or_default().to_ascii_uppercase()
    };
    stands(&said(orc, 1), &said(orc, 5), &said(obr, 25), timed)
}

fn stands(control: &str, status: &str, result: &str, timed: bool) -> Standing {
    match control {
        "CA" | "OC" | "CR" | "UA" => {
            return Standing { state: Some(OrderState::Cancelled), status: "revoked" };
        }
        "DC" | "OD" | "DR" => return Standing { state: Some(OrderState::Discontinued), status: "revoked" },
        "DE" => return Standing { state: None, status: "entered-in-error" },
        "HD" | "OH" => return Standing { state: None, status: "on-hold" },
        _ => {}
    }
    let state = by_end(status).or_else(|| by_result(result)).or_else(|| by_status(status, timed));
    let state = state.or_else(|| by_control(control));
    Standing { state, status: word(state, status) }
}

/// Statuses nothing follows.
fn by_end(status: &str) -> Option<OrderState> {
    match status {
        "CM" => Some(OrderState::Performed),
        "CA" | "RP" => Some(OrderState::Cancelled),
        "DC" => Some(OrderState::Discontinued),
        _ => None,
    }
}

fn by_result(result: &str) -> Option<OrderState> {
    match result {
        "O" => Some(OrderState::Requested),
        "S" => Some(OrderState::Scheduled),
        "I" => Some(OrderState::Arrived),
        "R" | "P" | "A" | "F" | "C" => Some(OrderState::Performed),
        "X" => Some(OrderState::Cancelled),
        _ => None,
    }
}

fn by_status(status: &str, timed: bool) -> Option<OrderState> {
    match status {
        "SC" => Some(OrderState::Scheduled),
        "IP" => Some(if timed { OrderState::Scheduled } else { OrderState::Requested }),
        "A" => Some(OrderState::Performed),
        _ => None,
    }
}

fn by_control(control: &str) -> Option<OrderState> {
    match control {
        "NW" | "SN" | "OK" | "NA" | "RO" | "RU" | "PA" | "CH" | "RL" | "OE" | "OR" | "" => {
            Some(OrderState::Requested)
        }
        "RE" => Some(OrderState::Performed),
        _ => None,
    }
}

/// ORC-5 says what waits.
fn word(state: Option<OrderState>, status: &str) -> &'static str {
    match (state, status) {
        (_, "HD") => "on-hold",
        (_, "ER") => "entered-in-error",
        (Some(OrderState::Cancelled | OrderState::Discontinued), _) => "revoked",
        (Some(OrderState::Performed | OrderState::Reported), _) => "completed",
        (Some(_), _) => "active",
        (None, _) => "unknown",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use OrderState::*;

    #[test]
    fn every_way_an_order_may_stand() {
        let cases = [
            (("NW", "", "", false), Some(Requested), "active"),
            (("NW", "SC", "", true), Some(Scheduled), "active"),
            (("NW", "IP", "", false), Some(Requested), "active"),
            (("SC", "IP", "", true), Some(Scheduled), "active"),
            (("SC", "IP", "I", true), Some(Arrived), "active"),
            (("SC", "CM", "", true), Some(Performed), "completed"),
            (("XO", "", "S", false), Some(Scheduled), "active"),
            (("RE", "", "", false), Some(Performed), "completed"),
            (("CA", "IP", "", true), Some(Cancelled), "revoked"),
            (("OC", "", "", false), Some(Cancelled), "revoked"),
            (("SC", "CA", "", false), Some(Cancelled), "revoked"),
            (("DC", "", "", false), Some(Discontinued), "revoked"),
            (("SC", "DC", "", false), Some(Discontinued), "revoked"),
            (("UC", "", "", false), None, "unknown"),
            (("HD", "", "", false), None, "on-hold"),
            (("DE", "", "", false), None, "entered-in-error"),
            (("", "", "X", false), Some(Cancelled), "revoked"),
        ];
        for ((control, status, result, timed), state, word) in cases {
            let standing = stands(control, status, result, timed);
            assert_eq!(standing, Standing { state, status: word }, "{control} {status} {result}");
        }
    }
}
