//! A one-time code by WhatsApp: an authentication template, the only message that may be sent to somebody who did not write
//! first.
//!
//! "Accepted" is not "delivered", and a question whose answer is lost may have arrived: a send is never repeated by itself.

use std::{fmt, str::FromStr};

use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Evidence, GraphError, Number};

/// Where a message goes: a number in international form. Without the plus Meta may read it as one of the sender's country,
/// and the code would reach somebody else.
#[derive(Clone, PartialEq, Eq)]
pub struct Recipient(String);

/// The text is no number in international form.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a number in international form")]
pub struct MalformedRecipient;

impl FromStr for Recipient {
    type Err = MalformedRecipient;

    fn from_str(text: &str) -> Result<Self, MalformedRecipient> {
        let digits = text.strip_prefix('+').ok_or(MalformedRecipient)?;
        let is_number = matches!(digits.len(), 7..=15)
            && !digits.starts_with('0')
            && digits.bytes().all(|byte| byte.is_ascii_digit());
        if is_number {
            Ok(Self(text.to_owned()))
        } else {
            Err(MalformedRecipient)
        }
    }
}

impl fmt::Debug for Recipient {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Recipient([redacted])")
    }
}

/// A code on its way to somebody.
#[derive(Clone, Debug)]
pub struct CodeMessage<'a> {
    /// The deployment's own number, never a customer's.
    pub from: &'a Number,
    /// Who gets it.
    pub to: &'a Recipient,
    /// The approved authentication template with a copy-code button.
    pub template: &'a str,
    /// Its language as Meta names it, for example `fr` or `pt_BR`.
    pub language: &'a str,
    /// At most 15 characters.
    pub code: &'a SecretString,
    /// Comes back in every status of the message: an opaque id, never the number.
    pub reference: &'a str,
}

impl CodeMessage<'_> {
    /// Meta's shape of it. The code stands there twice: to be read, and for the button that copies it.
    pub(super) fn body(&self) -> Value {
        let code = self.code.expose_secret();
        json!({
            "messaging_product": "whatsapp",
            "recipient_type": "individual",
            "to": self.to.0,
            "type": "template",
            "template": {
                "name": self.template,
                "language": { "code": self.language },
                "components": [
                    { "type": "body", "parameters": [{ "type": "text", "text": code }] },
                    { "type": "button", "sub_type": "url", "index": "0", "parameters": [{ "type": "text", "text": code }] },
                ],
            },
            "biz_opaque_callback_data": self.reference,
        })
    }
}

/// Meta has taken a message. Whether it arrives, a webhook says.
#[derive(Clone, Debug)]
pub struct Accepted {
    /// Meta's id of the message. It contains the number.
    pub message_id: SecretString,
    /// The number as Meta writes it, digits only: it may differ from what was typed, and stored rows are found by it.
    pub wa_id: Option<SecretString>,
}

#[derive(Deserialize)]
struct Sent {
    #[serde(default)]
    contacts: Vec<Contact>,
    messages: Vec<Message>,
}

#[derive(Deserialize)]
struct Contact {
    wa_id: Option<String>,
}

#[derive(Deserialize)]
struct Message {
    id: String,
}

impl Accepted {
    /// Reads the answer to a send.
    pub(super) fn from_content(content: Value) -> Result<Self, SendError> {
        let status = Some(200);
        let uncertain = || {
            SendError::Uncertain(Evidence {
                status,
                ..Evidence::default()
            })
        };
        let sent: Sent = serde_json::from_value(content).map_err(|_| uncertain())?;
        let message = sent.messages.into_iter().next().ok_or_else(uncertain)?;
        Ok(Self {
            message_id: message.id.into(),
            wa_id: sent
                .contacts
                .into_iter()
                .find_map(|contact| contact.wa_id)
                .map(SecretString::from),
        })
    }
}

/// Why no code was sent, as far as anybody knows.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// This number cannot get one: not on WhatsApp, an old client, a username. Another proof has to be offered.
    #[error("this number cannot receive a code over WhatsApp")]
    Undeliverable(Evidence),
    /// Nothing was sent: a limit, or we do not ask at the moment. The person may try again after this.
    #[error("Meta takes no message now")]
    Later {
        /// What came back.
        evidence: Evidence,
        /// How long Meta, or our circuit breaker, asks us to wait.
        wait: Option<std::time::Duration>,
    },
    /// Nobody knows whether it was sent. The code stays good; the person decides whether to ask for another.
    #[error("Meta did not say whether it sent the code")]
    Uncertain(Evidence),
    /// Nothing was sent, and a person has to look: template, payment, token, permission.
    #[error("Meta does not send for a reason that needs a person")]
    NeedsPerson(Evidence),
    /// This program does not know where the Graph API is.
    #[error("no Graph API is configured")]
    NotConfigured,
}

impl From<GraphError> for SendError {
    fn from(error: GraphError) -> Self {
        let evidence = error.evidence();
        match (error, evidence.code) {
            (GraphError::NotConfigured, _) => Self::NotConfigured,
            (_, Some(131_021 | 131_026 | 131_030 | 131_062)) => Self::Undeliverable(evidence),
            // Refused before anything was sent; so is what our circuit breaker held back.
            (
                GraphError::Later { wait, .. },
                Some(4 | 17 | 32 | 613 | 80_007 | 130_429 | 131_056),
            ) => Self::Later { evidence, wait },
            (
                GraphError::Later {
                    wait: wait @ Some(_),
                    ..
                },
                None,
            ) if evidence.status.is_none() => Self::Later { evidence, wait },
            (GraphError::Later { .. }, _) => Self::Uncertain(evidence),
            (GraphError::Gone(_) | GraphError::NoAccess(_) | GraphError::NeedsPerson { .. }, _) => {
                Self::NeedsPerson(evidence)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recipient_has_its_plus_and_nothing_but_digits() {
        for text in [
            "+33612345678",
            "+5511987654321",
            "+1234567",
            "+123456789012345",
        ] {
            assert!(text.parse::<Recipient>().is_ok(), "{text}");
        }
        for text in [
            "33612345678",
            "+0612345678",
            "+33 6",
            "+33612345678x",
            "+",
            "",
            "+1234567890123456",
            "+٣٣٦١٢٣٤٥٦٧٨",
        ] {
            assert_eq!(text.parse::<Recipient>(), Err(MalformedRecipient), "{text}");
        }
        let recipient: Recipient = "+33612345678".parse().unwrap();
        assert_eq!(format!("{recipient:?}"), "Recipient([redacted])");
    }

    #[test]
    fn neither_number_nor_code_is_printed() {
        let number = Number {
            id: "106540352242922".parse().unwrap(),
            token: "EAAJsecret".into(),
        };
        let message = CodeMessage {
            from: &number,
            to: &"+33612345678".parse().unwrap(),
            template: "qliento_deletion_code",
            language: "fr",
            code: &"49381726".into(),
            reference: "otp-1",
        };
        let accepted = Accepted::from_content(json!({
            "messaging_product": "whatsapp",
            "contacts": [{ "input": "+33612345678", "wa_id": "33612345678" }],
            "messages": [{ "id": "wamid.HBgLMzM2MTIzNDU2Nzg", "message_status": "accepted" }],
        }))
        .unwrap();

        let printed = format!("{message:?} {accepted:?}");

        for secret in [
            "33612345678",
            "49381726",
            "EAAJ",
            "wamid",
            "106540352242922",
        ] {
            assert!(!printed.contains(secret), "{printed}");
        }
        assert_eq!(
            message.body()["template"]["components"][1]["parameters"][0]["text"],
            "49381726"
        );
    }

    #[test]
    fn an_answer_without_a_message_says_nothing_about_the_send() {
        for odd in [
            json!({}),
            json!([]),
            json!({ "messages": [] }),
            json!({ "success": true }),
        ] {
            assert!(matches!(
                Accepted::from_content(odd),
                Err(SendError::Uncertain(_))
            ));
        }
    }
}
