//! A real SMTP server.

use std::time::Duration;

use async_trait::async_trait;
use lettre::{
    AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor,
    message::{Mailbox, MultiPart, header},
};

use super::{Letter, Mail, MailError};

/// A person waits for the answer on the code page; the queue tries again for longer outages.
const TIMEOUT: Duration = Duration::from_secs(8);

/// Sends through an SMTP server.
#[derive(Clone, Debug)]
pub struct SmtpMail(AsyncSmtpTransport<Tokio1Executor>);

/// The server's address is not understood.
#[derive(Debug, thiserror::Error)]
#[error(
    "not an SMTP address: write for example smtps://user:password@mail.example.com or smtp://127.0.0.1:1025"
)]
pub struct SmtpAddressError;

impl SmtpMail {
    /// Whether the address of a server is understood. Opens nothing, and needs no runtime.
    #[must_use]
    pub fn understands(url: &str) -> bool {
        AsyncSmtpTransport::<Tokio1Executor>::from_url(url).is_ok()
    }

    /// A client of the server at `url`: `smtps://` for TLS from the start, `smtp://…?tls=required` for STARTTLS,
    /// `smtp://` for a server on this machine.
    ///
    /// # Errors
    /// When the address is not understood. Nothing is connected yet.
    pub fn connect(url: &str) -> Result<Self, SmtpAddressError> {
        let builder =
            AsyncSmtpTransport::<Tokio1Executor>::from_url(url).map_err(|_| SmtpAddressError)?;
        Ok(Self(builder.timeout(Some(TIMEOUT)).build()))
    }
}

#[async_trait]
impl Mail for SmtpMail {
    async fn send(&self, letter: &Letter) -> Result<(), MailError> {
        let message =
            compose(letter).ok_or(MailError::Refused("the letter cannot be written down"))?;
        match self.0.send(message).await {
            Ok(_) => Ok(()),
            Err(error) if error.is_permanent() => Err(MailError::Refused("permanent SMTP answer")),
            Err(error) if error.is_transient() => Err(MailError::Later("temporary SMTP answer")),
            Err(error) if error.is_timeout() => Err(MailError::Later("no answer in time")),
            Err(_) => Err(MailError::Later("no connection")),
        }
    }
}

fn compose(letter: &Letter) -> Option<Message> {
    let sender: Mailbox = letter.from.parse().ok()?;
    let recipient: Mailbox = letter.to.expose().parse().ok()?;
    Message::builder()
        .message_id(Some(format!("<{}>", letter.message_id)))
        .from(sender)
        .to(recipient)
        .subject(letter.subject.clone())
        // RFC 3834: nobody's holiday notice shall answer this.
        .header(AutoSubmitted)
        .multipart(MultiPart::alternative_plain_html(
            letter.text.clone(),
            letter.html.clone(),
        ))
        .ok()
}

#[derive(Clone)]
struct AutoSubmitted;

impl header::Header for AutoSubmitted {
    fn name() -> header::HeaderName {
        header::HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> header::HeaderValue {
        header::HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letter() -> Letter {
        Letter {
            message_id: "1@qliento.com".to_owned(),
            from: "Qliento <privacy@qliento.com>".to_owned(),
            to: "ada@example.fr".parse().unwrap(),
            subject: "Votre code\nBcc: x@y.fr".to_owned(),
            text: "Bonjour".to_owned(),
            html: "<p>Bonjour</p>".to_owned(),
        }
    }

    #[test]
    fn a_letter_has_both_parts_and_its_own_name() {
        let raw = String::from_utf8(compose(&letter()).unwrap().formatted()).unwrap();

        assert!(raw.contains("Message-ID: <1@qliento.com>"));
        assert!(raw.contains("Auto-Submitted: auto-generated"));
        assert!(raw.contains("text/plain") && raw.contains("text/html"));
    }

    #[test]
    fn a_line_break_in_a_subject_makes_no_header() {
        let raw = String::from_utf8(compose(&letter()).unwrap().formatted()).unwrap();

        assert!(raw.lines().all(|line| !line.starts_with("Bcc:")), "{raw}");
    }

    #[tokio::test]
    async fn a_server_that_is_not_there_means_later() {
        let unused = std::net::TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap();
        let mail = SmtpMail::connect(&format!("smtp://{unused}")).unwrap();

        assert_eq!(
            mail.send(&letter()).await,
            Err(MailError::Later("no connection"))
        );
    }

    #[test]
    fn an_address_of_another_kind_is_refused() {
        assert!(SmtpMail::connect("https://example.com").is_err());
        assert!(SmtpMail::connect("nonsense").is_err());
    }
}
