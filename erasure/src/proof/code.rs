//! A code is sent by WhatsApp to the number that was typed, and typed back.
//!
//! It is sent once: Meta's "accepted" is not "delivered", and an answer that got lost may have been one. Whoever waits in vain
//! asks for another, or writes to the business instead. Limits count by number, so that nobody can be bothered, and therefore
//! somebody else could use a number's allowance up: that way out is always there.

use std::time::Duration;

use secrecy::ExposeSecret;

use super::{Passed, Proof, code_store as store, prove};
use crate::{
    db::{self, Tx},
    graph::{CodeMessage, Number, SendError},
    id::RowId,
    locale::Locale,
    meta_app::CodeSender,
    network::Network,
    one_time_code::{CodeError, LIFETIME, OneTimeCode, Purpose, RESEND},
    person::{Identity, PhoneNumber},
    rate_limit::{Allowance, Limit, charge},
    services::Services,
    time::Timestamp,
};

const SENT_BY_NUMBER: Limit = Limit {
    name: "codes sent, number",
    burst: 3,
    every: Duration::from_hours(1),
};
const SENT_BY_REQUEST: Limit = Limit {
    name: "codes sent, request",
    burst: 5,
    every: Duration::from_mins(5),
};
const SENT_BY_NETWORK: Limit = Limit {
    name: "codes sent, network",
    burst: 10,
    every: Duration::from_mins(2),
};
/// Over all codes of a number, and a new code does not start the count again. NIST allows a hundred.
const TRIED_BY_NUMBER: Limit = Limit {
    name: "codes tried, number",
    burst: 10,
    every: Duration::from_hours(2),
};
const TRIED_BY_NETWORK: Limit = Limit {
    name: "codes tried, network",
    burst: 60,
    every: Duration::from_secs(10),
};

/// A code is on its way, as far as anybody knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeSent {
    /// Where to, masked.
    pub to: String,
    /// Until when it works.
    pub expires_at: Timestamp,
    /// When another one can be sent.
    pub resend_at: Timestamp,
    /// Tries that are left.
    pub tries_left: i64,
    /// What Meta said.
    pub delivery: Delivery,
}

/// What Meta said of a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// Nothing: its answer got lost, and the code may arrive or not.
    Unknown,
    /// It has taken the message.
    Accepted,
    /// The message is on the person's telephone.
    Delivered,
    /// The message cannot be delivered.
    Failed,
}

impl Delivery {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Accepted => "accepted",
            Self::Delivered => "delivered",
            Self::Failed => "failed",
        }
    }
}

/// Why no code was sent.
#[derive(Debug, thiserror::Error)]
pub enum SendCodeError {
    /// This deployment has no number of its own.
    #[error("this deployment sends no codes over WhatsApp")]
    NotOffered,
    /// One was sent a moment ago.
    #[error("a code was sent a moment ago")]
    TooSoon {
        /// When another one can be sent.
        retry_at: Timestamp,
    },
    /// Too many codes, for this number, request or network.
    #[error("too many codes")]
    TooManyTries {
        /// When to try again.
        retry_at: Timestamp,
    },
    /// WhatsApp cannot deliver one to this number. Writing to the business is another way.
    #[error("this number cannot receive a code over WhatsApp")]
    Undeliverable,
    /// Meta does not send now. Writing to the business is another way.
    #[error("no code can be sent over WhatsApp now")]
    Unavailable,
    /// Our fault.
    #[error(transparent)]
    Internal(#[from] db::Error),
}

/// Makes a code for a request, kills the ones before it, and sends it to this number.
///
/// # Errors
/// See [`SendCodeError`].
pub async fn send_code(
    services: &Services,
    request: &str,
    (number, locale): (&PhoneNumber, Locale),
    network: &Network,
) -> Result<CodeSent, SendCodeError> {
    let sender = services.settings.meta.sender.as_ref();
    let sender = sender.ok_or(SendCodeError::NotOffered)?;
    may_be_sent(services, request, number, network).await?;
    let code = OneTimeCode::mint(services.random.as_ref());
    let hash = code
        .hash(services, &purpose(&bound_to(request, number)))
        .await;
    let mut tx = services.db.begin().await?;
    let challenge = store::insert(&mut tx, services, request, number, hash).await?;
    tx.commit().await?;
    // At most once, and therefore no job's: see above. A process that dies here leaves a code that nobody has.
    let delivery = dispatch(services, sender, &challenge, (number, locale), &code).await?;
    let now = services.now();
    Ok(CodeSent {
        to: number.masked(),
        expires_at: now + LIFETIME,
        resend_at: now + RESEND,
        tries_left: crate::one_time_code::TRIES,
        delivery,
    })
}

async fn may_be_sent(
    services: &Services,
    request: &str,
    number: &PhoneNumber,
    network: &Network,
) -> Result<(), SendCodeError> {
    if let Some(last) = store::current(services, request).await?
        && last.resend_at > services.now()
    {
        return Err(SendCodeError::TooSoon {
            retry_at: last.resend_at,
        });
    }
    let limits = [
        (SENT_BY_NETWORK, network.expose()),
        (SENT_BY_REQUEST, request),
        (SENT_BY_NUMBER, &line(number)),
    ];
    match charge(services, &limits).await? {
        Allowance::Granted => Ok(()),
        Allowance::Exhausted { retry_at } => Err(SendCodeError::TooManyTries { retry_at }),
    }
}

async fn dispatch(
    services: &Services,
    sender: &CodeSender,
    challenge: &RowId,
    (number, locale): (&PhoneNumber, Locale),
    code: &OneTimeCode,
) -> Result<Delivery, SendCodeError> {
    let recipient = format!("+{}", number.expose()).parse();
    let message = CodeMessage {
        from: &Number {
            id: sender.phone_number_id.clone(),
            token: sender.token.clone(),
        },
        to: &recipient.map_err(|_| SendCodeError::Undeliverable)?,
        template: &sender.template,
        language: sender.language(locale),
        code: &code.expose().into(),
        reference: challenge.as_str(),
    };
    match services.graph.send_code(&message).await {
        Ok(accepted) => {
            let wa_id = accepted.wa_id.as_ref().map(ExposeSecret::expose_secret);
            let wa_id = wa_id.and_then(|text| PhoneNumber::from_wa_id(text).ok());
            store::accepted(services, challenge, wa_id.as_ref()).await?;
            Ok(Delivery::Accepted)
        }
        Err(SendError::Uncertain(_)) => Ok(Delivery::Unknown),
        Err(refused) => {
            // Nothing was sent, so there is nothing to type.
            store::withdraw(&services.db, challenge).await?;
            Err(match refused {
                SendError::Undeliverable(_) => SendCodeError::Undeliverable,
                SendError::NotConfigured => SendCodeError::NotOffered,
                SendError::Later { .. } | SendError::NeedsPerson(_) | SendError::Uncertain(_) => {
                    SendCodeError::Unavailable
                }
            })
        }
    }
}

/// Takes a code back, and proves the number that it was sent to.
///
/// # Errors
/// See [`CodeError`].
pub async fn redeem_code(
    services: &Services,
    request: &str,
    typed: &str,
    network: &Network,
) -> Result<Vec<Proof>, CodeError> {
    let typed = OneTimeCode::read(typed).ok_or(CodeError::Malformed)?;
    let sent = store::sent_to(services, request).await?;
    let (number, wa_id) = sent.ok_or(CodeError::Expired)?;
    let limits = [
        (TRIED_BY_NETWORK, network.expose()),
        (TRIED_BY_NUMBER, &line(&number)),
    ];
    if let Allowance::Exhausted { retry_at } = charge(services, &limits).await? {
        return Err(CodeError::TooManyTries { retry_at });
    }
    let tried = store::spend_try(services, request)
        .await?
        .ok_or(CodeError::Expired)?;
    let bound_to = bound_to(request, &number);
    if !typed
        .matches(services, &purpose(&bound_to), &tried.hash)
        .await
    {
        let tries_left = tried.tries_left;
        return Err(CodeError::Wrong { tries_left });
    }
    let now = services.now();
    let mut tx = services.db.begin().await?;
    if !store::use_up(&mut tx, &tried.id, now).await? {
        return Err(CodeError::Expired);
    }
    let identities = proved_by(number, wa_id);
    let passed = Passed {
        id: tried.id,
        request: request.to_owned(),
    };
    prove(&mut tx, services, &passed, &identities, None).await?;
    tx.commit().await?;
    let proof = |identity| Proof {
        identity,
        via: None,
        proved_at: now,
    };
    Ok(identities.into_iter().map(proof).collect())
}

/// What a code proves that reached a telephone: the number as Meta has it, and as it was typed, if that is the same line.
fn proved_by(number: PhoneNumber, wa_id: Option<PhoneNumber>) -> Vec<Identity> {
    let numbers = match wa_id {
        None => vec![number],
        Some(wa_id) if wa_id == number => vec![number],
        Some(wa_id) if number.candidates().contains(&wa_id) => vec![wa_id, number],
        Some(wa_id) => vec![wa_id],
    };
    numbers.into_iter().map(Identity::Phone).collect()
}

/// Takes what a webhook says of a code's message.
pub(crate) async fn delivered(
    tx: &mut Tx,
    reference: &str,
    delivery: Delivery,
) -> Result<bool, db::Error> {
    store::delivered(tx, reference, delivery).await
}

/// One allowance for a line, in whichever form it is typed.
fn line(number: &PhoneNumber) -> String {
    let first = number.candidates().into_iter().min();
    first.map_or_else(String::new, |number| number.expose().to_owned())
}

fn bound_to<'a>(request: &'a str, number: &'a PhoneNumber) -> [&'a [u8]; 2] {
    [request.as_bytes(), number.expose().as_bytes()]
}

const fn purpose<'a>(bound_to: &'a [&'a [u8]]) -> Purpose<'a> {
    Purpose {
        name: "proof code",
        bound_to,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(digits: &str) -> PhoneNumber {
        PhoneNumber::from_wa_id(digits).unwrap()
    }

    fn proved(typed: &str, wa_id: Option<&str>) -> Vec<String> {
        proved_by(number(typed), wa_id.map(number))
            .iter()
            .map(|identity| identity.expose().to_owned())
            .collect()
    }

    #[test]
    fn a_code_proves_the_number_that_it_reached() {
        assert_eq!(proved("33612345678", None), ["33612345678"]);
        assert_eq!(proved("33612345678", Some("33612345678")), ["33612345678"]);
        // An old Brazilian account: one line, two forms, and Meta says so.
        assert_eq!(
            proved("5511987654321", Some("551187654321")),
            ["551187654321", "5511987654321"]
        );
        // Meta sent it somewhere else: whoever typed the code is there.
        assert_eq!(proved("33612345678", Some("33698765432")), ["33698765432"]);
    }

    #[test]
    fn one_line_has_one_allowance() {
        assert_eq!(
            line(&number("5511987654321")),
            line(&number("551187654321"))
        );
        assert_ne!(line(&number("33612345678")), line(&number("33612345679")));
    }
}
