//! Who may open the console: inviting and changing members.

use leptos::prelude::*;

use crate::wire::Trouble;

/// Invites somebody.
///
/// # Errors
/// Only the framework's own.
#[server(prefix = "/api", endpoint = "console/add-member")]
pub async fn add_member(
    /// The language of the page that holds the form.
    #[server(default)]
    lang: String,
    /// The address, as typed.
    #[server(default)]
    email: String,
    /// The role that was chosen.
    #[server(default)]
    role: String,
    /// The language of their letters.
    #[server(default)]
    language: String,
) -> Result<(), Trouble> {
    use erasure::staff::{self, Who};

    use crate::{
        answer, console, context, locales,
        pages::ConsolePlace,
        wire::{ConsoleNotice, ConsoleTrouble, Notice},
    };

    let locale = locales::of_form(&lang);
    let place = ConsolePlace::Staff;
    let Some(member) = console::at_form(locale, place).await else {
        return Ok(());
    };
    let page = place.path(locale);
    let (Ok(address), Ok(role)) = (email.parse(), role.parse()) else {
        let trouble = Trouble::Console(if role.is_empty() {
            ConsoleTrouble::RoleMissing
        } else {
            ConsoleTrouble::AddressMalformed
        });
        answer::refuse(&page, trouble, &email);
        return Ok(());
    };
    let (services, who) = (context::services(), Who::Staff(&member));
    let theirs = locales::of_form(&language);
    match staff::add(&services, who, &address, role, theirs).await {
        Ok(_) => answer::tell(&page, Notice::Console(ConsoleNotice::MemberInvited)),
        Err(error) => console::refuse(locale, place, error.into(), &email),
    }
    Ok(())
}

/// Changes a member's role, resets their access, or takes it away.
///
/// # Errors
/// Only the framework's own.
#[server(prefix = "/api", endpoint = "console/change-member")]
pub async fn change_member(
    /// The language of the page that holds the form.
    #[server(default)]
    lang: String,
    /// Whom.
    #[server(default)]
    member: String,
    /// What is done.
    #[server(default)]
    act: String,
    /// The new role, where it is changed.
    #[server(default)]
    role: String,
) -> Result<(), Trouble> {
    use crate::{console, locales};

    console::change_member(locales::of_form(&lang), &member, &act, &role).await;
    Ok(())
}
