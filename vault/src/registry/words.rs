//! The closed sets of words that the registry uses.

/// An enum whose variants are words in the registry.
macro_rules! words {
    ($(#[$about:meta])* $name:ident, $what:literal { $($(#[$doc:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[$doc])* $variant,)+
        }

        impl $name {
            /// Every value.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word in the registry.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)+
                }
            }
        }

        impl std::str::FromStr for $name {
            type Err = String;

            fn from_str(text: &str) -> Result<Self, String> {
                match text {
                    $($word => Ok(Self::$variant),)+
                    _ => Err(format!(concat!("unknown ", $what, "; one of {}"), [$($word),+].join(", "))),
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str(self.as_str())
            }
        }

        impl<'de> toml_span::Deserialize<'de> for $name {
            fn deserialize(value: &mut toml_span::Value<'de>) -> Result<Self, toml_span::DeserError> {
                toml_span::de_helpers::parse(value).map_err(Into::into)
            }
        }
    };
}

words! {
    /// Which naming rules a name follows.
    Class, "class" {
        /// The vendor grammar of the taxonomy.
        Vendor = "vendor",
        /// `<SERVICE>_<PURPOSE>`: a secret between our own services, which has no vendor.
        Internal = "internal",
        /// A name from before or beside the taxonomy, recorded as it is.
        Outside = "outside",
    }
}

words! {
    /// Whether the credential is in use.
    Status, "status" {
        /// In use.
        Active = "active",
        /// Registered, not yet provisioned.
        Planned = "planned",
        /// In use, to be given up.
        Legacy = "legacy",
    }
}

words! {
    /// What kind of credential it is: decides its companions, its provisioning steps and how it is verified.
    Kind, "kind" {
        /// A custom Cloudflare API token.
        Cloudflare = "cloudflare_token",
        /// The global Cloudflare key. Never allowed.
        CloudflareGlobal = "cloudflare_global_key",
        /// A Cloudflare Access service token.
        CloudflareAccess = "cf_access",
        /// A Heroku API key.
        Heroku = "heroku_key",
        /// A Postmark server token.
        PostmarkServer = "postmark_server",
        /// A Postmark account token.
        PostmarkAccount = "postmark_account",
        /// An AWS key pair of an IAM user.
        Aws = "aws",
        /// An Anthropic key.
        Anthropic = "anthropic",
        /// A fine-grained GitHub token.
        GithubFineGrained = "github_fine_grained",
        /// A classic GitHub token. Never allowed.
        GithubClassic = "github_classic",
        /// A GitHub App's identity.
        GithubApp = "github_app",
        /// A restricted Stripe key.
        StripeRestricted = "stripe_restricted",
        /// An unrestricted Stripe key. Never allowed.
        StripeSecret = "stripe_secret",
        /// An Alpaca key pair.
        Alpaca = "alpaca",
        /// An Infisical machine identity.
        Infisical = "infisical_identity",
        /// A Slack bot token.
        Slack = "slack_bot",
        /// A DreamHost key.
        Dreamhost = "dreamhost",
        /// An Oracle Dyn password.
        Dyn = "dyn",
        /// The shared token of a service pair (ADR 0056).
        ServiceToken = "service_token",
        /// Keys that sign tokens of our own.
        SigningKeys = "signing_keys",
        /// A key of the help desk's API.
        HelpdeskToken = "helpdesk_token",
        /// A secret that two sides hold to authenticate messages.
        SharedSecret = "shared_secret",
        /// A key, password or file that none of the above describes.
        Other = "other",
        /// A value that is no secret.
        ConfigValue = "config_value",
    }
}

words! {
    /// What an environment holds (section 3, classification table).
    Cell, "environment cell" {
        /// The credential.
        Present = "present",
        /// Nothing.
        Absent = "absent",
        /// Nothing; its consumers read the prod path.
        ReadsProd = "reads-prod",
        /// Nothing, ever.
        Never = "never",
        /// Another value than prod's.
        DifferentValue = "different-value",
        /// The same value as prod's.
        SameValue = "same-value",
        /// A key for the vendor's test mode.
        TestKey = "test-key",
        /// The sources say nothing.
        Unstated = "unstated",
    }
}

impl Cell {
    /// Whether the vault holds something in that environment.
    pub fn is_held(self) -> bool {
        matches!(self, Self::Present | Self::DifferentValue | Self::SameValue | Self::TestKey)
    }
}

words! {
    /// Whether one credential serves all environments.
    Placement, "placement" {
        /// One for all: in prod only.
        AccountWide = "account-wide",
        /// One for each.
        PerEnvironment = "per-environment",
    }
}

words! {
    /// Where a secret is kept.
    Store, "store" {
        /// Infisical.
        Infisical = "infisical",
        /// AWS Systems Manager Parameter Store.
        Ssm = "ssm",
        /// Heroku config vars and nothing else.
        HerokuConfig = "heroku-config",
        /// GitHub Actions secrets and nothing else.
        Github = "github",
        /// A person's shell.
        Session = "session",
        /// Not kept anywhere yet.
        Nowhere = "nowhere",
    }
}

words! {
    /// Where the consumer runs.
    Host, "host" {
        /// Heroku.
        Heroku = "heroku",
        /// AWS.
        Aws = "aws",
        /// Anything else.
        Elsewhere = "elsewhere",
    }
}

words! {
    /// What happens to an old name.
    Disposition, "disposition" {
        /// It is renamed.
        Rename = "rename",
        /// It is given up; the new name is another credential's.
        Deprecate = "deprecate",
        /// It stays as the name a consumer reads; only the vault's key is renamed.
        KeepAsExport = "keep-as-export",
    }
}

words! {
    /// What a verification found out.
    Verdict, "verdict" {
        /// Authenticates, with exactly the expected identity and scopes.
        Valid = "VALID",
        /// Authenticates, but something differs or cannot be confirmed.
        Partial = "PARTIAL",
        /// The vendor says that it is invalid, expired or revoked.
        Stale = "STALE",
        /// Nothing was found out.
        Unknown = "UNKNOWN",
    }
}
