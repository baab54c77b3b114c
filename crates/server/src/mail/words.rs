//! What letters say. They name the release, and subjects by the codes that their recipients know them by.

use release::letters::{About, Letter};

/// The subject of a letter, and its text.
pub(super) fn of(letter: &Letter, title: &str, until: &str, url: &str) -> (String, String) {
    let Letter { release, name, subjects, about, .. } = letter;
    let (subject, says) = match about {
        About::Ready => (
            format!("Ready to be received: {title}"),
            format!(
                "The data of \"{title}\" (release {release}) can be received until {until}:\n\n  {url}\n\n\
                 With a program: isocenter release pull {release} FOLDER\n\n\
                 It is given under the terms of use that come with it."
            ),
        ),
        About::Recalled => (
            format!("Recalled: {title}"),
            format!(
                "The data of \"{title}\" (release {release}) was called back. It can't be received any more.\n\n\
                 Please delete every copy of it that you have, and answer this letter when that is done.\n\n  {url}"
            ),
        ),
        About::Withdrawn => (
            format!("To be deleted from your copy: {title}"),
            format!(
                "Somebody whose data you received with \"{title}\" (release {release}) takes part in research no more.\n\n\
                 Please delete the subject {subjects} from every copy that you have, and answer this letter when that \
                 is done. The release is made again without it:\n\n  {url}"
            ),
        ),
    };
    (subject, format!("Dear {name},\n\n{says}\n"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Timestamp;
    use release::letters::Where;

    fn letter(about: About) -> Letter {
        Letter {
            id: 1,
            release: "3f2a".into(),
            about,
            name: "Rita Roe".into(),
            email: "rita@uni.example".into(),
            subjects: "S-1, S-2".into(),
            written: Timestamp::from_micros(0),
            attempts: 0,
            at: Where::Waiting(String::new()),
        }
    }

    #[test]
    fn a_letter_says_what_is_to_be_done() {
        let said =
            |about| of(&letter(about), "Nodules", "2030-01-31", "https://images.example/requests/3f2a");
        let (subject, ready) = said(About::Ready);
        assert_eq!(subject, "Ready to be received: Nodules");
        assert!(ready.starts_with("Dear Rita Roe,\n\n") && ready.contains("until 2030-01-31"));
        assert!(ready.contains("isocenter release pull 3f2a FOLDER"));
        assert!(said(About::Recalled).1.contains("delete every copy"));
        assert!(said(About::Withdrawn).1.contains("delete the subject S-1, S-2 from every copy"));
        for about in [About::Ready, About::Recalled, About::Withdrawn] {
            assert!(said(about).1.contains("https://images.example/requests/3f2a"));
        }
    }
}
