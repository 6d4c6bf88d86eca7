//! `qliento requests list` and `show`: what is open, the nearest end first, and one of them. References, states and dates; nobody's name.

use anyhow::Context as _;
use erasure::{
    intake,
    request::{
        Role,
        desk::{self, Filter, Item},
    },
    services::Services,
};
use serde_json::{Value as Json, json};

use crate::out;

/// Everything that is open.
pub(super) async fn list(services: &Services, as_json: bool) -> anyhow::Result<()> {
    let mut items = Vec::new();
    let mut behind = None;
    loop {
        let page = desk::queue_as_operator(services, &Filter::default(), behind.as_ref()).await?;
        items.extend(page.items);
        behind = page.more;
        if behind.is_none() {
            break;
        }
    }
    if as_json {
        return out::json(&items.iter().map(in_json).collect::<Vec<_>>());
    }
    for item in &items {
        out::line(&format!(
            "{}  {:<12}  {:<5}  {}",
            item.reference,
            item.stage.as_str(),
            item.channel.as_str(),
            item.ends_at
        ));
    }
    Ok(())
}

/// One of them, open or closed.
pub(super) async fn show(
    services: &Services,
    reference: &str,
    as_json: bool,
) -> anyhow::Result<()> {
    let filter = Filter {
        reference: Some(reference.trim().to_uppercase()),
        ..Filter::default()
    };
    let found = desk::queue_as_operator(services, &filter, None).await?;
    let item = found.items.first();
    let item = item.context("there is no request of that reference")?;
    let letters = intake::letters_of(services, &item.id).await?;
    if as_json {
        let mut shown = in_json(item);
        if let Some(members) = shown.as_object_mut() {
            members.insert("letters".to_owned(), letters.into());
        }
        return out::json(&shown);
    }
    for (name, value) in [
        ("reference", item.reference.clone()),
        ("state", item.stage.as_str().to_owned()),
        ("came by", item.channel.as_str().to_owned()),
        ("asks as", role(item).unwrap_or("not said yet").to_owned()),
        ("received", item.received_at.to_string()),
        ("ends", item.ends_at.to_string()),
        ("letters kept", letters.to_string()),
    ] {
        out::line(&format!("{name:<12}  {value}"));
    }
    Ok(())
}

fn in_json(item: &Item) -> Json {
    json!({
        "reference": item.reference,
        "state": item.stage,
        "channel": item.channel,
        "role": item.role,
        "received_at": item.received_at,
        "ends_at": item.ends_at,
        "is_extended": item.is_extended,
    })
}

fn role(item: &Item) -> Option<&'static str> {
    item.role.map(Role::as_str)
}
