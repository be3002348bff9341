//! The closed vocabulary of license terms. Each word is what the catalog's files hold.

pub use maquette_core::facts::Hardware;
use maquette_core::words;

words! {
    Permission {
        Yes = "yes",
        No = "no",
        /// Yes, under conditions the text states (a cap, a registration, use limits).
        Conditional = "conditional",
        /// The text was read and says nothing.
        Silent = "silent",
        /// Not known.
        Unknown = "unknown",
    }
}

words! {
    /// The kind of text, for a table; no rule reads it.
    Class {
        Permissive = "permissive",
        PermissiveWithDisplay = "permissive-with-display",
        Copyleft = "copyleft",
        OpenRail = "open-rail",
        UseRestricted = "use-restricted",
        UserCapped = "user-capped",
        RevenueCapped = "revenue-capped",
        ServiceCapped = "service-capped",
        RegistrationUserCapped = "registration+user-capped",
        TerritoryUserCapped = "territory+user-capped",
        TerritoryRevenueCapped = "territory+revenue-capped",
        UserRevenueCapped = "user+revenue-capped",
        NoncommercialWeights = "noncommercial-weights",
        Noncommercial = "noncommercial",
        ResearchOnly = "research-only",
    }
}

words! {
    OutputsOwner {
        User = "user",
        /// The licensor claims nothing.
        Unclaimed = "unclaimed",
        Unrestricted = "unrestricted",
        Unaffected = "unaffected",
        Silent = "silent",
    }
}

words! {
    Evaluation {
        /// Testing outside production is granted in words.
        Named = "named",
        NamedBelowCapUnclearAbove = "named-below-cap-unclear-above",
        NotExempt = "not-exempt",
    }
}

words! {
    /// What an exclusion of territory looks at.
    Basis {
        /// Even a hobbyist there is unlicensed.
        PlaceOfUse = "place-of-use",
        LicenseeDomicile = "licensee-domicile",
    }
}

words! {
    Remedy {
        NoneOffered = "none-offered",
        LicenseOnRequest = "license-on-request",
    }
}

words! {
    Metric {
        AnnualRevenueUsd = "annual_revenue_usd",
        AnnualRevenueRmb = "annual_revenue_rmb",
        MonthlyRevenueUsd = "monthly_revenue_usd",
        AnnualRecurringRevenueUsd = "annual_recurring_revenue_usd",
        AggregateRevenueUsd = "aggregate_revenue_usd",
        /// Monthly active users.
        Mau = "mau",
        MonthlyVisits = "monthly_visits",
        MonthlyUniqueUsers = "monthly_unique_users",
        AnnualActiveUsers = "annual_active_users",
    }
}

words! {
    Op {
        More = ">",
        AtLeast = ">=",
    }
}

words! {
    /// Whose measure a line looks at.
    Subject {
        Licensee = "licensee",
        LicenseeAndAffiliates = "licensee+affiliates",
        LicenseeAllProducts = "licensee-all-products",
        LicenseeCommercialService = "licensee-commercial-service",
        LicenseeCommercialProducts = "licensee-commercial-products",
        LicenseeGlobalConsolidated = "licensee-global-consolidated",
        /// Only those who give third parties access to the model.
        AffiliatesIfService = "licensee+affiliates-if-maas",
        /// Only those whose core business makes images.
        AffiliatesIfImageBusiness = "licensee+affiliates-if-image-business",
        Product = "product-using-model",
        Products = "products-using-model",
        ProductsAndAffiliates = "products-using-model+affiliates",
    }
}

words! {
    /// When a line is measured.
    Snapshot {
        /// In the month before the model's release, and never again.
        ReleaseDate = "release-date-snapshot",
        Anytime = "anytime",
        PrecedingMonth = "preceding-calendar-month",
        PrecedingYear = "preceding-calendar-year",
        TrailingYear = "trailing-12-months",
        PerMonth = "per-month",
        PerYear = "per-year",
        Unspecified = "unspecified",
    }
}

words! {
    /// What happens beyond a line.
    Effect {
        LicenseRequired = "license-required",
        PaidLicenseRequired = "paid-license-required",
        LicenseTerminates = "license-terminates",
        CommercialUseEnds = "commercial-use-ends",
        AttributionRequired = "attribution-required",
        SecurityReviewRequired = "security-review-required",
    }
}

words! {
    /// A group of rules that does not bind a recipient.
    Exempt {
        Threshold = "threshold",
        Registration = "registration",
        Territory = "territory",
        Distribution = "distribution",
    }
}

words! {
    /// When the maker must be named.
    Attribution {
        None = "none",
        /// When weights or code are passed on.
        Distribution = "distribution",
        /// Also for a product or service that contains the model.
        DistributionOrProduct = "distribution-or-product",
        /// In any commercial product's interface.
        ProductUi = "product-ui",
        ProductUiAboveThreshold = "product-ui-above-threshold",
        Product = "product",
        PublicationAck = "publication-ack",
        Encouraged = "encouraged",
    }
}

words! {
    /// Use limits.
    Aup {
        None = "none",
        Inline = "inline",
        /// A second document binds too.
        External = "external",
    }
}

words! {
    Training {
        Allowed = "allowed",
        Silent = "silent",
        NamingDuty = "naming-duty",
        DerivativeIfSimilar = "derivative-if-similar",
        ForbiddenCompeting = "forbidden-competing",
        ForbiddenFoundation = "forbidden-foundation",
        ForbiddenOtherLlm = "forbidden-other-llm",
        ForbiddenSameModality = "forbidden-same-modality",
        ForbiddenCommercial = "forbidden-commercial",
        Forbidden = "forbidden",
    }
}

words! {
    Hosting {
        Allowed = "allowed",
        CountsAsDistribution = "counts-as-distribution",
        SourceOffer = "source-offer",
        SourceOfferIfModified = "source-offer-if-modified",
        NoncommercialOnly = "noncommercial-only",
        LicenseRequired = "license-required",
        LicenseRequiredAboveThreshold = "license-required-above-threshold",
        ReviewRequiredAboveThreshold = "review-required-above-threshold",
        Forbidden = "forbidden",
    }
}

words! {
    /// Whom a duty to filter binds.
    FilterFor {
        Everyone = "everyone",
        /// Those who let third parties generate.
        Services = "services",
        /// Measures that suit the use.
        AsSuits = "as-suits",
    }
}

words! {
    /// When it must be said that a machine made it.
    Disclosure {
        None = "none",
        IfLawRequires = "if-law-requires",
        IfLawOrPlatformRequires = "if-law-or-platform-requires",
        AlwaysInPublic = "always-in-public",
    }
}

words! {
    Registration {
        None = "none",
        RequiredForCommercial = "required-for-commercial",
        AuthorizationForCommercial = "authorization-for-commercial",
        NoticeForCommercial = "notice-for-commercial",
        AuthorizationAboveThreshold = "authorization-above-threshold",
    }
}

words! {
    Litigation {
        None = "none",
        PatentGrantOnly = "patent-grant-only",
        AllRights = "all-rights",
    }
}

words! {
    /// What a clause of a text is about.
    Rule {
        Grant = "grant",
        CommercialWeights = "commercial_weights",
        Outputs = "outputs",
        Evaluation = "evaluation",
        Territory = "territory",
        Threshold = "threshold",
        SecondThreshold = "threshold_2",
        ThirdThreshold = "threshold_3",
        Attribution = "attribution",
        Naming = "naming",
        LicenseCopy = "license_copy",
        NoticeFile = "notice_file",
        MarkChanges = "mark_changes",
        Passthrough = "passthrough",
        ShareAlike = "share_alike",
        Aup = "aup",
        Military = "military",
        TrainOtherModels = "train_other_models",
        NoCompete = "no_compete",
        HostedService = "hosted_service",
        ContentFilter = "content_filter",
        AiDisclosure = "ai_disclosure",
        Provenance = "provenance",
        Registration = "registration",
        Patent = "patent",
        Termination = "termination",
        UpdateDuty = "update_duty",
        Hardware = "hardware",
        EndUserExempt = "end_user_exempt",
        ProviderDisclosure = "provider_disclosure",
        Indemnity = "indemnity",
        GoverningLaw = "governing_law",
        Runtime = "runtime",
        BreachRemedy = "breach_remedy",
    }
}
