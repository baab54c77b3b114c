//! The states of a release and what leads from one to the other. Nothing here waits or writes.

use serde::{Deserialize, Serialize};
use std::fmt;
use utoipa::ToSchema;

/// Where a release stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = ReleaseState)]
pub enum State {
    /// Somebody asked; others decide.
    Asked,
    /// Somebody said no.
    Refused,
    /// Whoever asked took it back.
    Cancelled,
    /// Approved: its package is being made.
    Making,
    /// Something was found that must not leave; a person looks at it.
    Waiting,
    /// It could not be made.
    Failed,
    /// It can be received.
    Ready,
    /// Its time is over.
    Expired,
    /// It was taken back.
    Recalled,
}

impl State {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Asked,
        Self::Refused,
        Self::Cancelled,
        Self::Making,
        Self::Waiting,
        Self::Failed,
        Self::Ready,
        Self::Expired,
        Self::Recalled,
    ];

    /// Its word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Refused => "refused",
            Self::Cancelled => "cancelled",
            Self::Making => "making",
            Self::Waiting => "waiting",
            Self::Failed => "failed",
            Self::Ready => "ready",
            Self::Expired => "expired",
            Self::Recalled => "recalled",
        }
    }

    /// The state of a word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }

    /// Whether nothing more can become of it.
    #[must_use]
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Refused | Self::Cancelled | Self::Expired | Self::Recalled)
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What a transition depends on.
#[derive(Debug, Clone)]
pub struct Standing<'a> {
    /// Where it stands.
    pub state: State,
    /// Who asked.
    pub asked_by: &'a str,
    /// Who approved.
    pub approved_by: Vec<&'a str>,
    /// How many must.
    pub needed: usize,
    /// Whether something of the first look forbids it.
    pub stopped: bool,
}

/// What happens to a release.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event<'a> {
    /// Somebody decides.
    Decided {
        /// Who.
        by: &'a str,
        /// Yes or no.
        approve: bool,
    },
    /// Somebody takes the request back.
    Cancelled(&'a str),
    /// It is to be made once more.
    Again,
    /// Its package is made and nothing was found in it.
    Made,
    /// Something was found.
    Found,
    /// It could not be made.
    GaveUp,
    /// Its last day is over.
    TimeOver,
    /// It is taken back.
    Recalled,
}

/// Why something can't happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Forbidden {
    /// Asker and approver.
    #[error("nobody decides on what they asked for; another account must")]
    Own,
    /// One decides once.
    #[error("you decided already; another account must decide, too")]
    Twice,
    /// Somebody else's request.
    #[error("only who asked takes a request back")]
    NotYours,
    /// The first look.
    #[error("something forbids it: see the checks that say stop")]
    Stopped,
    /// Another state.
    #[error("that can't be done now: it is {0}")]
    Not(State),
}

/// The state that follows.
///
/// # Errors
/// [`Forbidden`]; nothing changes then.
pub fn next(standing: &Standing<'_>, event: Event<'_>) -> Result<State, Forbidden> {
    use State::{Asked, Cancelled, Expired, Failed, Making, Ready, Recalled, Refused, Waiting};
    match (standing.state, event) {
        (Asked, Event::Decided { by, approve }) => decided(standing, by, approve),
        (Asked, Event::Cancelled(by)) if by == standing.asked_by => Ok(Cancelled),
        (Asked, Event::Cancelled(_)) => Err(Forbidden::NotYours),
        // Ready ones are made anew when somebody in them withdrew.
        (Waiting | Failed | Ready, Event::Again) => Ok(Making),
        (Making, Event::Made) => Ok(Ready),
        (Making, Event::Found) => Ok(Waiting),
        (Making, Event::GaveUp) => Ok(Failed),
        (Asked | Making | Waiting | Failed | Ready, Event::TimeOver) => Ok(Expired),
        (Making | Waiting | Failed | Ready, Event::Recalled) => Ok(Recalled),
        (Refused, Event::Decided { .. }) => Err(Forbidden::Not(Refused)),
        (state, _) => Err(Forbidden::Not(state)),
    }
}

fn decided(standing: &Standing<'_>, by: &str, approve: bool) -> Result<State, Forbidden> {
    if by == standing.asked_by {
        return Err(Forbidden::Own);
    }
    if standing.approved_by.contains(&by) {
        return Err(Forbidden::Twice);
    }
    if !approve {
        return Ok(State::Refused);
    }
    if standing.stopped {
        return Err(Forbidden::Stopped);
    }
    Ok(if standing.approved_by.len() + 1 >= standing.needed { State::Making } else { State::Asked })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn asked<'a>(approved_by: &[&'a str], needed: usize) -> Standing<'a> {
        let (asked_by, approved_by) = ("rita", approved_by.to_vec());
        Standing { state: State::Asked, asked_by, approved_by, needed, stopped: false }
    }

    fn yes(by: &str) -> Event<'_> {
        Event::Decided { by, approve: true }
    }

    #[test]
    fn nobody_decides_on_what_they_asked_for() {
        assert_eq!(next(&asked(&[], 1), yes("rita")), Err(Forbidden::Own));
        let no = Event::Decided { by: "rita", approve: false };
        assert_eq!(next(&asked(&[], 1), no), Err(Forbidden::Own));
    }

    #[test]
    fn two_different_people_approve_where_two_must() {
        assert_eq!(next(&asked(&[], 1), yes("bob")), Ok(State::Making));
        assert_eq!(next(&asked(&[], 2), yes("bob")), Ok(State::Asked));
        assert_eq!(next(&asked(&["bob"], 2), yes("bob")), Err(Forbidden::Twice));
        assert_eq!(next(&asked(&["bob"], 2), yes("carla")), Ok(State::Making));
        assert_eq!(
            next(&asked(&["bob"], 2), Event::Decided { by: "carla", approve: false }),
            Ok(State::Refused)
        );
    }

    #[test]
    fn what_the_first_look_forbids_is_not_approved() {
        let standing = Standing { stopped: true, ..asked(&[], 1) };
        assert_eq!(next(&standing, yes("bob")), Err(Forbidden::Stopped));
        assert_eq!(next(&standing, Event::Decided { by: "bob", approve: false }), Ok(State::Refused));
    }

    #[test]
    fn only_who_asked_takes_it_back() {
        assert_eq!(next(&asked(&[], 1), Event::Cancelled("rita")), Ok(State::Cancelled));
        assert_eq!(next(&asked(&[], 1), Event::Cancelled("bob")), Err(Forbidden::NotYours));
    }

    #[test]
    fn words_lead_back_to_their_states() {
        for state in State::ALL {
            assert_eq!(State::parse(state.as_str()), Some(state));
        }
    }

    proptest! {
        /// Whatever happens in whatever order, it is made only after enough others said yes, and what is over stays over.
        #[test]
        fn nothing_is_made_without_enough_others(
            needed in 1..3usize,
            events in proptest::collection::vec((0..8usize, 0..4usize, any::<bool>()), 0..40),
        ) {
            let people = ["rita", "bob", "carla", "dora"];
            let mut standing = asked(&[], needed);
            for (kind, who, approve) in events {
                let by = people[who];
                let event = match kind {
                    0 => Event::Decided { by, approve },
                    1 => Event::Cancelled(by),
                    2 => Event::Again,
                    3 => Event::Made,
                    4 => Event::Found,
                    5 => Event::GaveUp,
                    6 => Event::TimeOver,
                    _ => Event::Recalled,
                };
                let Ok(state) = next(&standing, event) else { continue };
                prop_assert!(!standing.state.is_over());
                if let Event::Decided { by, approve: true } = event {
                    standing.approved_by.push(by);
                }
                standing.state = state;
                if matches!(state, State::Making | State::Ready) {
                    prop_assert!(standing.approved_by.len() >= needed);
                    prop_assert!(!standing.approved_by.contains(&"rita"));
                }
            }
        }
    }
}
