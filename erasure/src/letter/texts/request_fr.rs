//! Les lettres à qui demande sans compte, et aux entreprises concernées, en français.

use super::{
    super::layout::Block,
    fr::{name, number},
    request_business_fr, request_mailed_fr, request_reasons_fr, spaced,
};
use crate::{
    locale::Locale::Fr,
    manifest::Category,
    request::{
        Role,
        letters::{Completed, Extended, Received, Refused, RequestFacts},
    },
    retention,
    services::Settings,
    time::Timestamp,
};

#[expect(clippy::too_many_lines, reason = "one arm for each letter")]
pub(super) fn write(facts: &RequestFacts, settings: &Settings) -> (String, Vec<Block>) {
    let controller = &settings.controller;
    match facts {
        RequestFacts::Received(facts) => (
            format!(
                "Votre demande de suppression est bien arrivée ({})",
                facts.reference
            ),
            received(facts, settings),
        ),
        RequestFacts::Joined(facts) => (
            format!(
                "Votre demande rejoint celle qui est en cours ({})",
                facts.reference
            ),
            joined(facts, settings),
        ),
        RequestFacts::Code {
            reference,
            code,
            expires_at,
        } => (
            format!("Votre code de vérification {controller} ({reference})"),
            code_block(code, *expires_at, settings),
        ),
        RequestFacts::Expired {
            reference,
            received_at,
        } => (
            format!("Votre demande n’a pas été confirmée ({reference})"),
            expired(*received_at, settings),
        ),
        RequestFacts::Extended(facts) => (
            format!("Votre demande prendra plus de temps ({})", facts.reference),
            extended(facts, settings),
        ),
        RequestFacts::Refused(facts) => (
            format!(
                "Réponse à votre demande de suppression ({})",
                facts.reference
            ),
            refused(facts, settings),
        ),
        RequestFacts::Completed(facts) => (
            format!(
                "C’est fait : réponse à votre demande de suppression ({})",
                facts.reference
            ),
            completed(facts, settings),
        ),
        RequestFacts::Link { reference, link } => (
            format!("Le lien vers votre demande ({reference})"),
            vec![
                hello(),
                text(format!(
                    "Voici de nouveau le lien privé vers votre demande {reference}."
                )),
                see(link),
                text("Gardez-le pour vous : qui l’ouvre voit où en est la demande."),
            ],
        ),
        RequestFacts::Mailed(facts) => (
            format!("Nous avons bien reçu votre e-mail ({})", facts.reference),
            request_mailed_fr::mailed(facts, settings),
        ),
        RequestFacts::Controller(facts) => (
            format!(
                "Effacement des données d’un contact de {} ({})",
                facts.organization, facts.reference
            ),
            request_business_fr::notice(facts, settings),
        ),
        RequestFacts::Objection { facts, until, path } => (
            format!(
                "Un contact de {} demande l’effacement de ses données ({})",
                facts.organization, facts.reference
            ),
            request_business_fr::objection(
                facts,
                *until,
                &format!("{}/fr/{path}", settings.public_url),
                settings,
            ),
        ),
    }
}

fn received(facts: &Received, settings: &Settings) -> Vec<Block> {
    let mut blocks = vec![
        hello(),
        text(format!(
            "Nous avons reçu le {} une demande d’effacement de données personnelles. Sa référence est {}.",
            moment(settings, facts.received_at),
            facts.reference
        )),
    ];
    if let Some(until) = facts.prove_until {
        blocks.push(text(format!(
            "Il reste une étape : montrer que {} est bien à vous, avant le {}. Tant que ce n’est pas fait, rien n’est supprimé. Ouvrez le lien ci-dessous pour continuer.",
            if facts.of_account { "cette adresse" } else { "ce numéro" },
            date(settings, until)
        )));
    } else {
        blocks.push(text(
            "Vous avez montré que cette adresse est bien à vous : nous nous en occupons.",
        ));
    }
    if facts.role == Some(Role::Representative) {
        blocks.push(text(
            "Vous agissez pour quelqu’un d’autre : une personne de notre équipe examinera votre demande avant tout effacement.",
        ));
    }
    blocks.push(text(format!(
        "Notre réponse : au plus tard le {}. C’est gratuit.",
        date(settings, facts.due_at)
    )));
    blocks.push(text(who_decides(facts.of_account, settings)));
    blocks.push(text("Ce qui sera gardé, et pourquoi :"));
    blocks.push(Block::List(kept(facts.of_account)));
    blocks.push(see(&facts.link));
    blocks.push(text(
        "Ce lien privé montre où en est la demande. Il permet aussi de la retirer tant que l’effacement n’a pas commencé.",
    ));
    blocks.push(text(format!(
        "Vous n’avez rien demandé ? Ne faites rien : sans cette étape, rien n’est supprimé. {}",
        complain(settings)
    )));
    blocks
}

fn joined(facts: &Received, settings: &Settings) -> Vec<Block> {
    vec![
        hello(),
        text(format!(
            "Vous avez déjà une demande en cours, et vous avez montré que vous êtes la même personne. La demande {} la rejoint : vous n’avez rien d’autre à faire.",
            facts.reference
        )),
        text(format!(
            "Notre réponse : au plus tard le {}.",
            date(settings, facts.due_at)
        )),
        see(&facts.link),
        text(complain(settings)),
    ]
}

fn code_block(code: &str, expires_at: Timestamp, settings: &Settings) -> Vec<Block> {
    vec![
        hello(),
        text("Voici le code qui montre que cette adresse est bien à vous :"),
        Block::Code(spaced(code)),
        text(format!(
            "Saisissez-le sur la page que vous avez laissée ouverte. Il fonctionne une seule fois, jusqu’au {}. S’il y a un compte à cette adresse, vous demandez ainsi sa suppression.",
            expires_at.to_moment(Fr)
        )),
        text(format!(
            "Vous n’avez rien demandé ? Ne donnez ce code à personne. Sans lui, rien n’est supprimé. Une question : {}.",
            settings.privacy_address
        )),
    ]
}

fn expired(received_at: Timestamp, settings: &Settings) -> Vec<Block> {
    vec![
        hello(),
        text(format!(
            "Nous avons reçu le {} une demande d’effacement. Personne n’a montré, dans le délai, que le numéro ou l’adresse était le sien : nous ne pouvons donc pas y donner suite (RGPD, art. 12(6)). Rien n’a été supprimé, et ce qui avait été saisi est effacé.",
            date(settings, received_at)
        )),
        text("Vous pouvez recommencer à tout moment :"),
        Block::Link {
            label: "Faire une nouvelle demande".to_owned(),
            address: format!("{}/fr/request", settings.public_url),
        },
        text(complain(settings)),
    ]
}

fn extended(facts: &Extended, settings: &Settings) -> Vec<Block> {
    let mut blocks = vec![
        hello(),
        text(format!(
            "Nous devions vous répondre au plus tard le {}. Il nous faut plus de temps : ce sera au plus tard le {} (RGPD, art. 12(3)).",
            date(settings, facts.due_at),
            date(settings, facts.extended_to)
        )),
        text("Pourquoi :"),
        Block::List(
            facts
                .reasons
                .iter()
                .map(|reason| request_reasons_fr::extension(*reason).to_owned())
                .collect(),
        ),
        text(facts.explanation.clone()),
    ];
    blocks.extend(done_already(&facts.erased));
    blocks.push(see(&facts.link));
    blocks.push(text(complain(settings)));
    blocks
}

fn refused(facts: &Refused, settings: &Settings) -> Vec<Block> {
    let what = match (&facts.business, facts.is_partial) {
        (Some(name), _) => format!("Les données que détient « {name} » ne seront pas effacées."),
        (None, true) => "Une partie des données ne sera pas effacée.".to_owned(),
        (None, false) => {
            "Nous ne pouvons pas donner suite à votre demande d’effacement.".to_owned()
        }
    };
    let law = facts
        .statute
        .as_ref()
        .map_or_else(String::new, |statute| format!(" ; {statute}"));
    let mut blocks = vec![
        hello(),
        text(what),
        text(format!(
            "Motif : {} (RGPD, art. {}{law}).",
            request_reasons_fr::refusal(facts.ground),
            facts.ground.article()
        )),
        text(facts.explanation.clone()),
        text("Catégories concernées :"),
        Block::List(
            Category::ALL
                .map(|category| name(category).to_owned())
                .to_vec(),
        ),
    ];
    blocks.push(text(facts.keep_until.map_or_else(
        || "Ce qui est gardé est détruit dès que ce motif n’existe plus.".to_owned(),
        |until| {
            format!(
                "Ce qui est gardé le sera jusqu’au {}, puis détruit.",
                date(settings, until)
            )
        },
    )));
    blocks.extend(done_already(&facts.erased));
    blocks.push(see(&facts.link));
    blocks.push(text(format!(
        "Vous n’êtes pas d’accord ? Écrivez-nous à {} : une autre personne réexaminera la décision. {} Vous pouvez aussi saisir un tribunal.",
        settings.privacy_address,
        complain(settings)
    )));
    blocks
}

fn completed(facts: &Completed, settings: &Settings) -> Vec<Block> {
    let mut blocks = vec![
        hello(),
        text(format!(
            "Votre demande reçue le {} est terminée depuis le {}. Nous avons cherché partout ce qui est lié à ce que vous avez prouvé, nous l’avons effacé, puis nous avons relu : il ne reste rien.",
            date(settings, facts.received_at),
            moment(settings, facts.completed_at)
        )),
    ];
    if facts.is_partial {
        blocks.push(text(
            "Une partie a été refusée : une lettre séparée vous en a donné le motif.",
        ));
    }
    blocks.push(text("Ce qui a été trouvé et effacé :"));
    blocks.push(Block::List(counts(&facts.erased)));
    blocks.push(text(
        "Chaque entreprise qui détenait quelque chose en a été informée, pour qu’elle efface aussi ses propres copies (RGPD, art. 19). Leurs noms vous sont donnés sur demande.",
    ));
    blocks.push(text("Ce qui reste, et jusqu’à quand :"));
    blocks.push(Block::List(vec![
        format!(
            "Sauvegardes chiffrées, jusqu’au {} au plus tard (RGPD, art. 32(1)(c))",
            date(settings, retention::backups_end(facts.completed_at))
        ),
        "Là où une entreprise détenait quelque chose, une empreinte chiffrée de ce qui vous y identifiait, et rien d’autre, pour qu’un import ne vous fasse pas revenir (RGPD, art. 6(1)(f))".to_owned(),
        "La trace que cette demande a été traitée, sans votre nom ni votre numéro, cinq ans (RGPD, art. 5(2))".to_owned(),
    ]));
    blocks.push(Block::Link {
        label: "Voir votre reçu".to_owned(),
        address: facts.link.clone(),
    });
    blocks.push(text(format!(
        "C’est le dernier message que vous recevez de nous : votre adresse est effacée dès qu’il est parti. {}",
        complain(settings)
    )));
    blocks
}

fn who_decides(of_account: bool, settings: &Settings) -> String {
    let Settings {
        controller,
        privacy_address,
        ..
    } = settings;
    if of_account {
        format!(
            "C’est {controller} qui est responsable de ces données et qui décide. Contact : {privacy_address}."
        )
    } else {
        format!(
            "Les entreprises qui vous ont écrit sont responsables de ces données ; {controller} les efface pour leur compte et les en informe. Contact : {privacy_address}."
        )
    }
}

fn kept(of_account: bool) -> Vec<String> {
    let backups = "les sauvegardes chiffrées, 30 jours au plus (RGPD, art. 32(1)(c))";
    let all: &[&str] = if of_account {
        &[
            "les factures, dix ans, dans une archive chiffrée (Code de commerce, art. L123-22 ; RGPD, art. 17(3)(b))",
            "les journaux de sécurité rendus anonymes, 90 jours (RGPD, art. 6(1)(f))",
            backups,
        ]
    } else {
        &[
            backups,
            "une empreinte chiffrée de votre numéro, pour qu’un import ne vous fasse pas revenir (RGPD, art. 6(1)(f))",
        ]
    };
    all.iter().map(|line| (*line).to_owned()).collect()
}

fn done_already(erased: &[(Category, i64)]) -> Vec<Block> {
    if erased.iter().all(|(_, rows)| *rows == 0) {
        return vec![];
    }
    vec![
        text("Ce qui a déjà été effacé :"),
        Block::List(counts(erased)),
    ]
}

fn counts(erased: &[(Category, i64)]) -> Vec<String> {
    let line =
        |(category, rows): &(Category, i64)| format!("{} : {}", name(*category), number(*rows));
    erased.iter().map(line).collect()
}

pub(super) fn complain(settings: &Settings) -> String {
    format!(
        "Vous pouvez à tout moment écrire à {} ou adresser une réclamation à votre autorité de protection des données (en France, la CNIL : www.cnil.fr).",
        settings.privacy_address
    )
}

fn see(link: &str) -> Block {
    Block::Link {
        label: "Voir où en est la demande".to_owned(),
        address: link.to_owned(),
    }
}

pub(super) fn hello() -> Block {
    text("Bonjour,")
}

pub(super) fn text(words: impl Into<String>) -> Block {
    Block::Paragraph(words.into())
}

pub(super) fn date(settings: &Settings, at: Timestamp) -> String {
    settings.time_zone.date(at, Fr)
}

pub(super) fn moment(settings: &Settings, at: Timestamp) -> String {
    settings.time_zone.moment(at, Fr)
}
