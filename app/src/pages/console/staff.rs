//! Who may open the console: for administrators to change, for auditors to see.

use erasure::{
    locale::Locale,
    staff::{self, Act, Member, MemberState, Role, Staff},
};
use leptos::{prelude::*, server_fn::ServerFn as _};

use super::{ConsolePlace, Visit, inside};
use crate::{
    answer::Flash,
    api::console::{AddMember, ChangeMember},
    context,
    pages::{Detour, Page},
    parts::{EmailField, Field, Ledger, NoticeBox, Problems, Select},
};

/// The list, and for administrators the forms.
pub(super) async fn page(visit: Visit) -> Result<Page, Detour> {
    let staff = visit.staff(ConsolePlace::Staff).await?;
    let members = match staff::list(&context::services(), &staff).await {
        Ok(members) => members,
        Err(error) => return Err(visit.instead(error, staff, ConsolePlace::Staff)),
    };
    let flash = visit.take_flash();
    let words = &visit.console().staff;
    let may_change = staff.role().may(Act::ChangeRole);
    let rows = members
        .iter()
        .map(|member| row(&visit, member, &staff, may_change))
        .collect_view();
    let mut columns = vec![words.who, words.role, words.state, words.signed_in];
    columns.extend(may_change.then_some(words.actions));
    let body = view! {
        <Problems locale=visit.locale trouble=flash.as_ref().and_then(Flash::trouble) />
        <h1 tabindex="-1">{words.title}</h1>
        {visit.good_news(flash.as_ref()).map(|text| view! { <NoticeBox>{text}</NoticeBox> })}
        <p class="lead">{words.intro}</p>
        <Ledger caption=words.caption columns=columns>
            {rows}
        </Ledger>
        {may_change.then(|| add(&visit, flash.as_ref()))}
    };
    Ok(
        inside(words.title, staff, ConsolePlace::Staff, body.into_any())
            .reporting(&visit, flash.as_ref()),
    )
}

fn row(visit: &Visit, member: &Member, staff: &Staff, may_change: bool) -> AnyView {
    let texts = visit.console();
    let words = &texts.staff;
    let zone = &context::services().settings.time_zone;
    let seen = member.signed_in_at.map_or_else(
        || texts.common.never.to_owned(),
        |at| zone.moment(at, visit.locale),
    );
    let is_self = member.id == *staff.id();
    let name = member.email.expose().to_owned();
    view! {
        <tr>
            <th scope="row">
                {name}
                {is_self.then(|| view! { <span class="hint">" (" {words.yourself} ")"</span> })}
            </th>
            <td>{(texts.common.role)(member.role)}</td>
            <td>
                <span class="tag">{(words.state_name)(member.state)}</span>
            </td>
            <td>{seen}</td>
            {may_change
                .then(|| view! { <td>{(!is_self).then(|| changes(visit, member))}</td> })}
        </tr>
    }
    .into_any()
}

/// What an administrator can do about a member; folded away, so that nothing happens by a slip.
fn changes(visit: &Visit, member: &Member) -> AnyView {
    let texts = visit.console();
    let words = &texts.staff;
    let email = member.email.expose();
    let hidden = |act: Act| {
        view! {
            <input type="hidden" name="lang" value=visit.locale.as_str() />
            <input type="hidden" name="member" value=member.id.as_str().to_owned() />
            <input type="hidden" name="act" value=act.as_str() />
        }
    };
    let id = format!("role-{}", member.id);
    let roles = Role::ALL
        .iter()
        .map(|role| (role.as_str(), (texts.common.role)(*role)))
        .collect();
    let disable = (member.state != MemberState::Disabled).then(|| {
        view! {
            <form method="post" action=ChangeMember::url()>
                {hidden(Act::DisableStaff)} <p class="hint">{words.disable_text}</p>
                <button class="button button-danger-quiet" type="submit">
                    {words.disable}
                </button>
            </form>
        }
    });
    view! {
        <details class="fold">
            <summary>
                {words.change} <span class="visually-hidden">{(words.change_of)(email)}</span>
            </summary>
            <form method="post" action=ChangeMember::url()>
                {hidden(Act::ChangeRole)}
                <Select
                    id=id
                    name="role"
                    label=(words.role_of)(email)
                    options=roles
                    chosen=member.role.as_str()
                />
                <button class="button" type="submit">
                    {words.role_change}
                </button>
            </form>
            <form method="post" action=ChangeMember::url()>
                {hidden(Act::ResetStaff)} <p class="hint">{words.reset_text}</p>
                <button class="button" type="submit">
                    {words.reset}
                </button>
            </form>
            {disable}
        </details>
    }
    .into_any()
}

fn add(visit: &Visit, flash: Option<&Flash>) -> AnyView {
    let texts = visit.console();
    let words = &texts.staff;
    let locale = visit.locale;
    let trouble = flash.and_then(Flash::trouble);
    let typed = flash.map_or("", Flash::typed).to_owned();
    let roles = Role::ALL
        .iter()
        .map(|role| (role.as_str(), (texts.common.role)(*role)))
        .collect();
    let languages = vec![("fr", "Français"), ("en", "English")];
    view! {
        <section class="card" aria-labelledby="add">
            <h2 id="add">{words.add}</h2>
            <p>{words.add_text}</p>
            <form class="form narrow" method="post" action=AddMember::url() novalidate>
                <input type="hidden" name="lang" value=locale.as_str() />
                <EmailField
                    label=texts.account.email
                    value=typed
                    locale
                    trouble=trouble.filter(|trouble| Field::Email.is_at_fault(*trouble))
                />
                <Select
                    id="role".to_owned()
                    name="role"
                    label=words.role.to_owned()
                    options=roles
                    chosen=Role::Agent.as_str()
                />
                <Select
                    id="language".to_owned()
                    name="language"
                    label=words.language.to_owned()
                    options=languages
                    chosen=Locale::default().as_str()
                />
                <button class="button button-primary" type="submit">
                    {words.invite}
                </button>
            </form>
        </section>
    }
    .into_any()
}
