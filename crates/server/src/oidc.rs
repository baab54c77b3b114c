//! The OpenID Connect provider, from the settings.

use crate::App;
use crate::http::Problem;
use govern::oidc::{Oidc, OidcError, OidcSettings};
use govern::{Role, Secret};
use std::path::Path;

impl App {
    /// The provider of the settings; none when there is none.
    ///
    /// # Errors
    /// A problem when the settings are wrong.
    pub(crate) fn oidc(&self) -> Result<Option<&Oidc>, Problem> {
        if self.config.oidc.issuer.is_none() {
            return Ok(None);
        }
        if let Some(known) = self.provider.get() {
            return Ok(Some(known));
        }
        let made = self.make_provider().map_err(|error| Problem::internal(&error))?;
        Ok(Some(self.provider.get_or_init(|| made)))
    }

    fn make_provider(&self) -> Result<Oidc, OidcError> {
        let settings = &self.config.oidc;
        let roles = &settings.roles;
        let mapping = [
            (Role::Admin, &roles.admin),
            (Role::Broker, &roles.broker),
            (Role::Researcher, &roles.researcher),
            (Role::Auditor, &roles.auditor),
        ];
        let client_secret = settings.client_secret_file.as_deref().map(read).transpose()?;
        let client_secret =
            client_secret.map(|text| Secret::presented(String::from_utf8_lossy(&text).trim()));
        let settings = OidcSettings {
            issuer: settings.issuer.clone().unwrap_or_default(),
            client_id: settings.client_id.clone(),
            client_secret,
            redirect_uri: format!("{}/auth/oidc/callback", self.base_url()),
            scopes: settings.scopes.clone(),
            name_claim: settings.name_claim.clone(),
            role_claim: settings.role_claim.clone(),
            roles: mapping.map(|(role, values)| (role, values.clone())).into(),
            authorities: settings.authorities.as_deref().map(read).transpose()?,
        };
        Oidc::new(self.ledger.clone(), settings)
    }
}

fn read(path: &Path) -> Result<Vec<u8>, OidcError> {
    std::fs::read(path).map_err(|error| OidcError::Settings(format!("{}: {error}", path.display())))
}
