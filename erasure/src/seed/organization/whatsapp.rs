//! Connected numbers, each with its token sealed under the organization's own data key.

use super::{Making, Rows, SeedError, args};
use crate::vault::{Place, Scope};

impl Making<'_> {
    pub(super) async fn whatsapp_profiles(&mut self) -> Result<(), SeedError> {
        let key = self
            .services
            .vault
            .data_key(
                self.writer.tx()?,
                Scope::Organization(&self.organization),
                self.created_at,
            )
            .await?;
        let mut rows = Rows::of(
            "whatsapp_profiles",
            "organization_id, id, phone_number_id, waba_id, display_phone_number, verified_name, token_sealed, token_digest, connected_by_user_id, connected_at",
        );
        let waba = self.chance.digits(15);
        for _ in 0..=self.chance.below(2) {
            let id = self.chance.id(self.created_at);
            let token = self.marked(&format!("EAAJ{}", self.chance.digits(120)));
            let place = Place {
                organization: self.organization.as_str(),
                table: "whatsapp_profiles",
                column: "token_sealed",
                row: &id,
            };
            let sealed = key.seal(place, token.as_bytes(), self.services.random.as_ref());
            let row = args![
                self.org(),
                id.as_str(),
                self.chance.digits(15),
                waba.as_str(),
                format!("+{}", self.phone(self.words)),
                self.marked(&self.name),
                sealed,
                self.services.vault.token_digest(&token),
                self.users.first().map(String::as_str),
                self.created_at,
            ];
            rows.push(&mut self.writer, row).await?;
            self.profiles.push(id);
        }
        Ok(rows.flush(&mut self.writer).await?)
    }
}
