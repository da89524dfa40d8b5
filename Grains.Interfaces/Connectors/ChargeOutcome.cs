namespace OrleansPayments.Connectors;

/// <summary>What a charge says of its connector's health.</summary>
[GenerateSerializer, Alias("charge_outcome")]
public enum ChargeOutcome
{
    /// <summary>Taken or held. A technical success.</summary>
    Approved,

    /// <summary>Refused by the issuer or the provider. A technical success: it lowers the authorisation rate only.</summary>
    Declined,

    /// <summary>A sound answer that is neither: the payer must act, it is under way, or this one request was at fault. A technical success.</summary>
    Undecided,

    /// <summary>The connector refused to work: credentials, its own limits, a configuration that cannot be used. A technical failure.</summary>
    Refused,

    /// <summary>Silence, a broken connection, a server error or nonsense. A technical failure.</summary>
    Unknown,

    /// <summary>No connection was made. A technical failure.</summary>
    NotSent,

    /// <summary>The permit was not used: it says nothing, and is free again.</summary>
    Unused,
}
