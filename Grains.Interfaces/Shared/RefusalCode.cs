namespace OrleansPayments;

/// <summary>The reasons why a grain refuses. Each has one row in the API's error catalogue; a test keeps the two complete.</summary>
[GenerateSerializer, Alias("refusal_code")]
public enum RefusalCode
{
    /// <summary>No such object, or not one that the caller may see.</summary>
    NotFound,

    /// <summary>The idempotency key was used with another body.</summary>
    IdempotencyMismatch,

    /// <summary>The request with this idempotency key is still running.</summary>
    IdempotencyInProgress,

    /// <summary>A connector of this name exists.</summary>
    ConnectorExists,

    /// <summary>No provider of this name is built in.</summary>
    UnknownProvider,

    /// <summary>The provider's credentials are incomplete or malformed.</summary>
    InvalidCredentials,

    /// <summary>The operation does not fit the object's state.</summary>
    InvalidState,

    /// <summary>The merchant holds as many API keys as it may.</summary>
    TooManyApiKeys,

    /// <summary>As many connectors as one installation may have.</summary>
    TooManyConnectors,

    /// <summary>More than is authorised and not yet taken.</summary>
    AmountExceedsCapturable,

    /// <summary>The card that the payment was created with is no longer kept.</summary>
    CardRequired,

    /// <summary>The connector is disabled, and this would begin something new there.</summary>
    ConnectorDisabled,

    /// <summary>The object has another version than the caller said.</summary>
    VersionConflict,

    /// <summary>As many replays of routing wait as may.</summary>
    TooManyReplays,
}
