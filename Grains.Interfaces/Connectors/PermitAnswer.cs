namespace OrleansPayments.Connectors;

/// <summary>Leave to charge, or why not; exactly one of the two.</summary>
[GenerateSerializer, Immutable, Alias("permit_answer")]
public sealed record PermitAnswer([property: Id(0)] ConnectorPermit? Permit, [property: Id(1)] PermitRefusal? Refusal);

/// <summary>Why there is no leave to charge. Nothing was sent, so another connector may be tried.</summary>
[GenerateSerializer, Alias("permit_refusal")]
public enum PermitRefusal
{
    /// <summary>There is no such connector.</summary>
    NotFound,

    /// <summary>It takes no new payments.</summary>
    Disabled,

    /// <summary>It failed too often and rests, or the payment that tries it again is under way.</summary>
    CircuitOpen,

    /// <summary>As many charges as it may have are in flight.</summary>
    BulkheadFull,

    /// <summary>It takes no new payments, and goes on with those that it has.</summary>
    Draining,
}
