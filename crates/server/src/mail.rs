//! Sends the letters that wait for recipients of releases, by SMTP. What a letter says is put together here; that there
//! is one, and what became of it, is the `release` room's.

mod words;

use crate::App;
use crate::config::{Mail, MailSecurity};
use lettre::address::AddressError;
use lettre::message::header::ContentType;
use lettre::message::{Mailbox, Message};
use lettre::transport::smtp;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, CertificateStore, Tls, TlsParameters};
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Tokio1Executor};
use model::Timestamp;
use release::letters::{Letter, Where};
use release::request::ReleaseRequest;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// Between two looks for letters.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// The same after one that the mail server did not take.
const REST: Duration = Duration::from_secs(60);
/// A server that says nothing for so long is given up.
const STALLS: Duration = Duration::from_secs(30);
/// The waits before another try, in seconds; the last one from then on.
const WAITS: [i64; 4] = [60, 300, 1800, 3600];
/// What could not be sent for so long would only confuse: a person has to write it.
const TOO_LATE: i64 = 3 * 24 * 3600 * 1_000_000;

/// Why letters can't be sent, or one was not.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// A setting is missing or makes no sense.
    #[error("{0}")]
    Settings(&'static str),
    /// A file of the settings.
    #[error("`mail.{0}` can't be read")]
    File(&'static str, #[source] std::io::Error),
    /// A recipient's address.
    #[error("the address is none")]
    Address(#[from] AddressError),
    /// The letter.
    #[error("the letter can't be written")]
    Letter(#[from] lettre::error::Error),
    /// The mail server said no, for now or for good.
    #[error("the mail server refused it ({0})")]
    Refused(String),
    /// It could not be talked to.
    #[error("the mail server can't be reached, or is not who it should be")]
    Reach,
    /// It waited too long, for a mail server to be set or to take it.
    #[error("it could not be sent within three days")]
    Late,
    /// The ledger.
    #[error("the ledger did not answer")]
    Ledger(#[from] sqlx::Error),
}

/// Looks whether the settings of letters make sense.
///
/// # Errors
/// [`MailError`], about a setting.
pub fn check(mail: &Mail) -> Result<(), MailError> {
    Post::open(mail).map(drop)
}

/// A way to send letters.
pub(crate) struct Post {
    from: Mailbox,
    transport: AsyncSmtpTransport<Tokio1Executor>,
}

impl Post {
    /// The way that the settings say; none where they name no server.
    ///
    /// # Errors
    /// [`MailError`], about a setting.
    pub(crate) fn open(mail: &Mail) -> Result<Option<Self>, MailError> {
        let Some(server) = mail.server.as_deref() else { return Ok(None) };
        let from = mail.from.as_deref().ok_or(MailError::Settings("`mail.server` needs `mail.from`"))?;
        let from = from
            .parse()
            .map_err(|_| MailError::Settings("`mail.from` is not like \"Data office <data@example.org>\""))?;
        let (tls, port) = match mail.security {
            MailSecurity::Tls => (Tls::Wrapper(protection(mail, server)?), 465),
            MailSecurity::StartTls => (Tls::Required(protection(mail, server)?), 587),
            MailSecurity::None if is_here(server) => (Tls::None, 25),
            MailSecurity::None => {
                return Err(MailError::Settings(
                    "`mail.security = \"none\"` is for a mail server on this machine: others can read along",
                ));
            }
        };
        let mut transport = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(server)
            .tls(tls)
            .port(mail.port.unwrap_or(port))
            .timeout(Some(STALLS));
        if let Some(user) = &mail.user {
            let file = mail.password_file.as_ref();
            let file = file.ok_or(MailError::Settings("`mail.user` needs `mail.password_file`"))?;
            let password =
                std::fs::read_to_string(file).map_err(|error| MailError::File("password_file", error))?;
            transport = transport.credentials(Credentials::new(user.clone(), password.trim().to_owned()));
        }
        Ok(Some(Self { from, transport: transport.build() }))
    }

    fn message(&self, letter: &Letter, request: &ReleaseRequest, url: &str) -> Result<Message, MailError> {
        let (subject, body) = words::of(letter, &request.title, &request.expires, url);
        let to = Mailbox::new(Some(one_line(&letter.name)), letter.email.parse()?);
        let message = Message::builder()
            .from(self.from.clone())
            .to(to)
            .subject(one_line(&subject))
            .header(ContentType::TEXT_PLAIN)
            // Sent once more after a crash, it is the same letter.
            .message_id(Some(format!("<{}.{}@isocenter>", letter.release, letter.id)));
        Ok(message.body(body)?)
    }

    async fn send(&self, message: Message) -> Result<(), MailError> {
        self.transport.send(message).await.map(drop).map_err(|error| told(&error))
    }
}

/// A text for the head of a letter, which has lines of its own.
fn one_line(text: &str) -> String {
    text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect()
}

/// What the mail server's words come down to: they may repeat the address.
fn told(error: &smtp::Error) -> MailError {
    error.status().map_or(MailError::Reach, |code| MailError::Refused(code.to_string()))
}

fn is_here(server: &str) -> bool {
    server == "localhost" || server.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

fn protection(mail: &Mail, server: &str) -> Result<TlsParameters, MailError> {
    let mut tls = TlsParameters::builder(server.to_owned());
    if let Some(file) = &mail.authorities {
        let pem = std::fs::read(file).map_err(|error| MailError::File("authorities", error))?;
        let authority =
            Certificate::from_pem(&pem).map_err(|_| MailError::Settings("`mail.authorities` is not PEM"))?;
        tls = tls.certificate_store(CertificateStore::None).add_root_certificate(authority);
    }
    tls.build().map_err(|_| MailError::Settings("`mail.authorities` has a certificate that can't be used"))
}

/// Sends letters until `stop`.
pub(crate) async fn run(app: Arc<App>, post: Option<Post>, stop: CancellationToken) {
    let Some(post) = post else { return };
    loop {
        let went = tokio::select! {
            () = stop.cancelled() => return,
            went = round(&app, &post) => went,
        };
        app.health.note("mailing", went.as_ref().copied());
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(if went.is_ok() { LOOK_EVERY } else { REST }) => {}
        }
    }
}

/// Tries the letters that are to be sent by now, up to one that may be taken later.
async fn round(app: &App, post: &Post) -> Result<(), MailError> {
    for letter in app.releases.letters_to_send(Timestamp::now()).await? {
        let Some(release) = app.releases.one(&letter.release).await? else { continue };
        let url = format!("{}/requests/{}", app.base_url(), release.id);
        let late = Timestamp::now().as_micros() - letter.written.as_micros() > TOO_LATE;
        let sent = match post.message(&letter, &release.request, &url) {
            _ if late => Err(MailError::Late),
            Ok(message) => post.send(message).await,
            Err(error) => Err(error),
        };
        let now = Timestamp::now();
        let at = match &sent {
            Ok(()) => Where::Sent(now),
            Err(error) if is_for_good(error) => Where::Failed(error.to_string()),
            Err(error) => Where::Waiting(error.to_string()),
        };
        let wait = WAITS[usize::try_from(letter.attempts).unwrap_or(0).min(WAITS.len() - 1)];
        let again = Timestamp::from_micros(now.as_micros() + wait * 1_000_000);
        app.releases.note_letter(letter.id, &at, again).await?;
        match at {
            Where::Sent(_) => crate::releases::note(app, &letter.release, "a letter is sent").await,
            Where::Failed(_) => crate::releases::note(app, &letter.release, "a letter is not sent").await,
            Where::Waiting(_) => return sent,
        }
    }
    Ok(())
}

/// Whether trying again is no use.
fn is_for_good(error: &MailError) -> bool {
    match error {
        MailError::Address(_) | MailError::Letter(_) | MailError::Late => true,
        // 53x is about signing in (RFC 4954 §6), which the settings can mend.
        MailError::Refused(code) => code.starts_with('5') && !code.starts_with("53"),
        _ => false,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use release::letters::About;

    fn mail(server: &str, security: MailSecurity) -> Mail {
        let from = Some("Data office <data@example.org>".into());
        Mail { server: Some(server.into()), security, from, ..Mail::default() }
    }

    #[test]
    fn settings_that_make_no_sense_are_told() {
        let refused = |mail: &Mail| Post::open(mail).err().map(|error| error.to_string()).unwrap_or_default();
        assert!(Post::open(&Mail::default()).unwrap().is_none());
        assert!(refused(&mail("mail.example.org", MailSecurity::None)).contains("on this machine"));
        assert!(refused(&Mail { from: None, ..mail("localhost", MailSecurity::None) }).contains("mail.from"));
        let odd = Some("nobody".to_owned());
        assert!(
            refused(&Mail { from: odd.clone(), ..mail("localhost", MailSecurity::None) })
                .contains("mail.from")
        );
        assert!(
            refused(&Mail { user: odd, ..mail("localhost", MailSecurity::None) }).contains("password_file")
        );
        let nowhere = Some("/nonexistent/ca.pem".into());
        assert!(
            refused(&Mail { authorities: nowhere, ..mail("localhost", MailSecurity::Tls) })
                .contains("authorities")
        );
    }

    #[tokio::test]
    async fn a_title_adds_no_lines_to_the_head_of_a_letter() {
        let post = Post::open(&mail("localhost", MailSecurity::None)).unwrap().unwrap();
        let title = "Nodules\r\nBcc: eve@example.org\r\n\r\nhello";
        let request: ReleaseRequest = serde_json::from_value(serde_json::json!({
            "frozen": "1", "project": "p", "title": title, "purpose": "", "recipients": [], "terms": true,
            "expires": "2030-01-31", "forms": [],
        }))
        .unwrap();
        let letter = Letter {
            id: 7,
            release: "3f2a".into(),
            about: About::Recalled,
            name: "Rita\r\nCc: eve@example.org".into(),
            email: "rita@uni.example".into(),
            subjects: String::new(),
            written: Timestamp::from_micros(0),
            attempts: 0,
            at: Where::Waiting(String::new()),
        };
        let written = post.message(&letter, &request, "https://images.example").unwrap();
        assert_eq!(written.envelope().to().len(), 1);
        let text = String::from_utf8(written.formatted()).unwrap();
        let (head, _) = text.split_once("\r\n\r\n").unwrap();
        assert!(!head.lines().any(|line| line.starts_with("Bcc:") || line.starts_with("Cc:")), "{head}");
        assert!(head.contains("Message-ID: <3f2a.7@isocenter>"), "{head}");
    }

    #[test]
    fn what_the_settings_can_mend_is_tried_again() {
        let refused = |code: &str| is_for_good(&MailError::Refused(code.into()));
        assert!(refused("550") && !refused("535") && !refused("451"));
        assert!(is_for_good(&MailError::Late) && !is_for_good(&MailError::Reach));
    }

    #[tokio::test]
    async fn a_server_on_this_machine_needs_no_tls() {
        assert!(Post::open(&mail("127.0.0.1", MailSecurity::None)).unwrap().is_some());
        assert!(Post::open(&mail("mail.example.org", MailSecurity::StartTls)).unwrap().is_some());
    }
}
