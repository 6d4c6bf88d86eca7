//! Security events lose whoever they were about: kind, hour and a wide network remain, for 90 days.
//!
//! Each batch copies and deletes in one transaction, so no event is ever there twice or not at all.

use std::net::IpAddr;

use sqlx::FromRow;

use super::Work;
use crate::{
    db::{Error, Statement, Tx, value::args},
    engine::{Pace, Subject},
    id::RowId,
    job::{Attempt, StepError},
    retention,
    time::Timestamp,
};

#[derive(FromRow)]
struct Event {
    organization_id: String,
    id: String,
    kind: String,
    ip_address: String,
    occurred_at: i64,
}

pub(crate) async fn attempt(work: &Work<'_>, pace: &Pace) -> Result<Attempt, StepError> {
    let (column, id) = match &work.step.subject {
        Some(Subject::Organization(id)) => ("organization_id", id.as_str()),
        Some(Subject::User(id)) => ("user_id", id.as_str()),
        Some(Subject::Contact(_)) | None => {
            return Ok(Attempt::Parked {
                cause: "the plan names nobody whose events to anonymize",
            });
        }
    };
    let mut tx = work.begin().await?;
    let events: Vec<Event> = tx
        .fetch_all(
            Statement::from_checked_names(format!(
                "SELECT organization_id, id, kind, ip_address, occurred_at FROM security_events WHERE {column} = $1 LIMIT $2"
            )),
            args![id, pace.rows()],
        )
        .await?;
    for event in &events {
        move_over(work, &mut tx, event).await?;
    }
    let moved = i64::try_from(events.len()).unwrap_or(i64::MAX);
    if moved < pace.rows() {
        work.complete(tx, moved, None).await
    } else {
        work.advance(tx, moved).await
    }
}

async fn move_over(work: &Work<'_>, tx: &mut Tx, event: &Event) -> Result<(), Error> {
    let services = work.services;
    let keep_until = retention::security_log_ends(Timestamp::from_millis(event.occurred_at));
    if keep_until > services.now() {
        // The id is drawn anew: a copied one would lead back.
        let id = RowId::mint(Timestamp::from_millis(0), services.random.as_ref());
        tx.execute(
            "-- insert_anonymous_event
             INSERT INTO anonymous_security_events (id, kind, network, hour, keep_until) VALUES ($1, $2, $3, $4, $5)",
            args![
                &id,
                event.kind.as_str(),
                wide_network(&event.ip_address),
                Timestamp::from_millis(event.occurred_at).cut_to_hour(),
                keep_until.cut_to_hour(),
            ],
        )
        .await?;
    }
    tx.execute(
        "-- delete_security_event
         DELETE FROM security_events WHERE organization_id = $1 AND id = $2",
        args![event.organization_id.as_str(), event.id.as_str()],
    )
    .await?;
    Ok(())
}

/// A network that tens of thousands share: an IPv4 /16, an IPv6 /32.
fn wide_network(address: &str) -> String {
    match address
        .parse::<IpAddr>()
        .map(|address| address.to_canonical())
    {
        Ok(IpAddr::V4(v4)) => {
            let [a, b, _, _] = v4.octets();
            format!("{a}.{b}.0.0/16")
        }
        Ok(IpAddr::V6(v6)) => {
            let [a, b, ..] = v6.segments();
            format!("{a:x}:{b:x}::/32")
        }
        Err(_) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::wide_network;

    #[test]
    fn an_address_keeps_only_what_thousands_share() {
        assert_eq!(wide_network("203.0.113.77"), "203.0.0.0/16");
        assert_eq!(wide_network("2001:db8:1:2::3"), "2001:db8::/32");
        assert_eq!(wide_network("not an address"), "");
    }
}
