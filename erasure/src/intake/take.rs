//! Taking a letter: ignored, known already, or written down with its request and answered, in one transaction.

use super::{
    Incoming,
    automatic::Reason,
    read::{Letter, Read, Unreadable, read},
    store,
};
use crate::{
    db::{self, Source},
    id::Capability,
    person::EmailAddress,
    request::{Request, State, by_mail},
    services::Services,
};

/// Letters of one request that are kept. Who writes more has said what there is to say, or is nobody's friend.
const ENOUGH: i64 = 20;

/// What became of a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// It opened a request.
    Opened,
    /// It joined one that is open.
    Joined,
    /// It was taken before.
    Again,
    /// Nobody wrote it.
    Ignored(Reason),
}

impl Taken {
    /// Its word, for those who count.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Opened => "opened",
            Self::Joined => "joined",
            Self::Again => "again",
            Self::Ignored(reason) => reason.as_str(),
        }
    }

    /// Everything that can become of one.
    pub fn all() -> impl Iterator<Item = Self> {
        let ignored = Reason::ALL.iter().copied().map(Self::Ignored);
        [Self::Opened, Self::Joined, Self::Again]
            .into_iter()
            .chain(ignored)
    }
}

/// Why a letter was not taken.
#[derive(Debug, thiserror::Error)]
pub enum TakeError {
    /// It will never be: whoever delivers it gives it back.
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    /// Our fault: it has to be delivered again.
    #[error(transparent)]
    Internal(#[from] db::Error),
}

/// Takes a letter. Whether there is an account behind its sender, or anything about them, is not looked at.
///
/// # Errors
/// See [`TakeError`].
pub async fn take(services: &Services, incoming: &Incoming<'_>) -> Result<Taken, TakeError> {
    let letter = match read(incoming.raw, &services.settings)? {
        Read::Letter(letter) => letter,
        Read::Ignored(reason) => return Ok(Taken::Ignored(reason)),
    };
    let name = match &letter.message_id {
        Some(id) => store::of_message_id(services, id),
        None => store::of_content(services, incoming.raw),
    };
    let mut before = Source::Db(&services.db);
    if let Some(known) = store::known(&mut before, name.clone()).await? {
        return Ok(again(&known));
    }
    let is_asked = match find(&mut before, services, &letter).await? {
        None => true,
        Some(open) => answers_to(services, &open, &letter).await?.is_some(),
    };
    let may_answer = is_asked && by_mail::may_answer(services, &letter.from).await?;
    let original = store::seal(services, incoming.raw).await?;

    let mut tx = services.db.begin().await?;
    tx.alone().await?;
    // Two at once: the second finds what the first has written. Whichever of them may answer does so.
    if let Some(known) = store::known(&mut Source::Tx(&mut tx), name.clone()).await? {
        let open = by_mail::find_open(&mut Source::Tx(&mut tx), &known.request).await?;
        if let Some(mut request) = open.filter(|open| may_answer && open.state == State::Received)
            && let Some(to) = answers_to(services, &request, &letter).await?
        {
            by_mail::answer(&mut tx, services, &mut request, (&to.0, &to.1)).await?;
            tx.commit().await?;
        }
        return Ok(again(&known));
    }
    let found = find(&mut Source::Tx(&mut tx), services, &letter).await?;
    let (mut request, to, taken) = if let Some(request) = found {
        let to = answers_to(services, &request, &letter).await?;
        (request, to, Taken::Joined)
    } else {
        let at = incoming.arrived_at;
        let (request, capability) =
            by_mail::open(&mut tx, services, &letter.from, letter.locale, at).await?;
        (
            request,
            Some((letter.from.clone(), capability)),
            Taken::Opened,
        )
    };
    if store::count(&mut tx, &request.id).await? >= ENOUGH {
        return Ok(Taken::Ignored(Reason::Enough));
    }
    store::note(&mut tx, name, (&request.id, false), services.now()).await?;
    let sender = store::of_sender(services, &letter.from);
    let arrived = (incoming.is_whole, incoming.arrived_at);
    store::keep(&mut tx, original, &request.id, sender, arrived).await?;
    by_mail::note_letter(&mut tx, services, &request).await?;
    if let Some((to, capability)) = to.filter(|_| may_answer) {
        by_mail::answer(&mut tx, services, &mut request, (&to, &capability)).await?;
    }
    tx.commit().await?;
    let bytes = incoming.raw.len();
    tracing::info!(request.id = %request.id, bytes, what = taken.as_str(), "a letter was taken");
    Ok(taken)
}

/// Where a letter of an open request is answered to, if it is: while its questions are open, and to nobody but whom it is from. Who
/// only knows of a letter in the thread is not told its link.
async fn answers_to(
    services: &Services,
    request: &Request,
    letter: &Letter,
) -> Result<Option<(EmailAddress, Capability)>, db::Error> {
    if request.role.is_some() {
        return Ok(None);
    }
    let addressee = by_mail::addressee(services, request).await?;
    Ok(addressee.filter(|(to, _)| *to == letter.from))
}

const fn again(known: &store::Known) -> Taken {
    if known.is_ours {
        Taken::Ignored(Reason::Ours)
    } else {
        Taken::Again
    }
}

/// The open request that a letter belongs to: by the thread it is in, else by its sender while theirs waits for its questions.
async fn find(
    source: &mut Source<'_>,
    services: &Services,
    letter: &Letter,
) -> Result<Option<Request>, db::Error> {
    for message_id in letter.answers.iter().rev() {
        let message = store::of_message_id(services, message_id);
        if let Some(known) = store::known(source, message).await?
            && let Some(request) = by_mail::find_open(source, &known.request).await?
        {
            return Ok(Some(request));
        }
    }
    let sender = store::of_sender(services, &letter.from);
    match store::waiting_of(source, sender).await? {
        None => Ok(None),
        Some(id) => by_mail::find_open(source, &id).await,
    }
}
