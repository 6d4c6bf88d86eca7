//! La réponse à une lettre arrivée à l’adresse de confidentialité, en français.

use super::{
    super::layout::Block,
    request_fr::{complain, date, hello, moment, text},
};
use crate::{request::letters::Mailed, services::Settings};

pub(super) fn mailed(facts: &Mailed, settings: &Settings) -> Vec<Block> {
    vec![
        hello(),
        text(format!(
            "Nous avons reçu le {} un e-mail envoyé depuis cette adresse. S’il demande l’effacement de données personnelles, sa référence est {}.",
            moment(settings, facts.received_at),
            facts.reference
        )),
        text(format!(
            "Il reste quelques questions. Ouvrez le lien ci-dessous avant le {}, dites qui vous êtes et de quel numéro ou de quel compte il s’agit, puis montrez qu’il est bien à vous. N’importe qui peut écrire n’importe quel nom d’expéditeur : tant que ce n’est pas fait, rien n’est recherché et rien n’est supprimé.",
            date(settings, facts.until)
        )),
        Block::Link {
            label: "Continuer la demande".to_owned(),
            address: facts.link.clone(),
        },
        text("Gardez ce lien pour vous : qui l’ouvre peut continuer à votre place."),
        text(format!(
            "Notre réponse : au plus tard le {}, à compter de votre e-mail. C’est gratuit.",
            date(settings, facts.due_at)
        )),
        text(
            "Votre e-mail est gardé chiffré jusqu’à la clôture de la demande, puis effacé. N’envoyez par e-mail ni mot de passe, ni code, ni pièce d’identité : nous n’en avons pas besoin.",
        ),
        text(format!(
            "Cette réponse est automatique. Il s’agissait d’autre chose ? Écrivez à {}. Vous ne nous avez pas écrit ? Ne faites rien : rien n’est supprimé, et ce qui a été envoyé en votre nom est effacé le {}. {}",
            settings.support_address,
            date(settings, facts.until),
            complain(settings)
        )),
    ]
}
