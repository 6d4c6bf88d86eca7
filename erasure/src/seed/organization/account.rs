//! The organization itself, its people and its keys.

use super::{Making, Rows, SeedError, args};

impl Making<'_> {
    pub(super) async fn organization(&mut self) -> Result<(), SeedError> {
        let mut rows = Rows::of("organizations", "id, slug, name, country, plan, created_at");
        let row = args![
            self.org(),
            self.plan.slug.as_str(),
            self.marked(&self.name),
            self.country.code,
            self.chance
                .one_of(&["starter", "business", "business", "scale"]),
            self.created_at
        ];
        rows.push(&mut self.writer, row).await?;
        Ok(rows.flush(&mut self.writer).await?)
    }

    /// A user for each seat, and the memberships: theirs and the guest's.
    pub(super) async fn people(&mut self) -> Result<(), SeedError> {
        let mut users = Rows::of(
            "users",
            "id, email, name, password_hash, locale, app_scoped_user_id, created_at",
        );
        for seat in &self.plan.seats {
            let id = self.chance.id(self.created_at);
            let drawn = self.person(self.words);
            // Whoever connected the organization's numbers, below.
            let facebook = (seat.role == "owner").then(|| self.chance.digits(17));
            let row = args![
                id.as_str(),
                self.address(&seat.email),
                self.marked(seat.name.unwrap_or(&drawn)),
                self.plan.password_hash,
                seat.locale.unwrap_or(self.words.locale).as_str(),
                facebook,
                self.created_at
            ];
            users.push(&mut self.writer, row).await?;
            self.users.push(id);
        }
        users.flush(&mut self.writer).await?;

        let mut rows = Rows::of("memberships", "organization_id, user_id, role, created_at");
        let roles = self.plan.seats.iter().map(|seat| seat.role);
        let members = self.users.iter().zip(roles);
        let guest = self.plan.guest.iter().map(|guest| (guest, "member"));
        for (user, role) in members.chain(guest) {
            let row = args![self.org(), user.as_str(), role, self.created_at];
            rows.push(&mut self.writer, row).await?;
        }
        Ok(rows.flush(&mut self.writer).await?)
    }

    pub(super) async fn api_keys(&mut self) -> Result<(), SeedError> {
        let mut rows = Rows::of(
            "api_keys",
            "organization_id, id, name, prefix, key_hash, created_by_user_id, created_at",
        );
        for name in self.words.api_keys {
            let row = args![
                self.org(),
                self.chance.id(self.created_at),
                self.marked(name),
                self.marked(&format!("qk_live_{}", self.chance.digits(6))),
                self.chance.bytes::<32>().to_vec(),
                self.a_user(),
                self.created_at
            ];
            rows.push(&mut self.writer, row).await?;
        }
        Ok(rows.flush(&mut self.writer).await?)
    }
}
