//! The private link for somebody who lost it: by the reference and the address of the request, and only to that address.

use std::time::Duration;

use crate::{
    db::{Error, Source},
    network::Network,
    person::EmailAddress,
    rate_limit::{Allowance, Limit, charge},
    request::{
        letters::{self, RequestFacts},
        link, store,
    },
    services::Services,
};

/// Links that are mailed again on request.
const BY_NETWORK: Limit = Limit {
    name: "request links, network",
    burst: 6,
    every: Duration::from_mins(2),
};
const BY_REFERENCE: Limit = Limit {
    name: "request links, reference and network",
    burst: 2,
    every: Duration::from_mins(30),
};

/// Mails the private link again to the address that this request's letters go to. Whether reference and address belong together
/// is told by that letter alone.
///
/// # Errors
/// When to try again, if this was asked too often; or when the database fails.
pub async fn mail_link(
    services: &Services,
    reference: &str,
    address: &EmailAddress,
    network: &Network,
) -> Result<Allowance, Error> {
    let reference = reference.trim().to_uppercase();
    let from_here = format!("{reference} {}", network.expose());
    let limits = [
        (BY_NETWORK, network.expose()),
        (BY_REFERENCE, from_here.as_str()),
    ];
    let allowance = charge(services, &limits).await?;
    if allowance != Allowance::Granted {
        return Ok(allowance);
    }
    let request = store::of_reference(&mut Source::Db(&services.db), &reference).await?;
    let contact = match &request {
        Some(request) => request.contact(services).await?,
        None => None,
    };
    let (Some(request), Some(contact)) = (request, contact) else {
        return Ok(allowance);
    };
    if contact != *address {
        return Ok(allowance);
    }
    let capability = request.capability(services).await?;
    let facts = RequestFacts::Link {
        reference: request.reference.clone(),
        link: link(services, request.locale, &capability),
    };
    let mut tx = services.db.begin().await?;
    letters::queue(&mut tx, services, &request, Some(&contact), facts).await?;
    tx.commit().await?;
    Ok(allowance)
}
