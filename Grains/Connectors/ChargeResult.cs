using OrleansPayments.Payments;

namespace OrleansPayments.Grains.Connectors;

/// <summary>What a provider said of a charge, or did not.</summary>
public abstract record ChargeResult : ProviderResult
{
    private ChargeResult()
    {
    }

    /// <summary>The money is taken.</summary>
    public sealed record Approved(string ConnectorReference, Money AmountCaptured) : ChargeResult;

    /// <summary>The money is held for a later capture.</summary>
    public sealed record Authorized(string ConnectorReference, Money AmountAuthorized) : ChargeResult;

    /// <summary>The issuer or the provider refused the payer's means; definite, nothing taken.</summary>
    public sealed record Declined(PaymentError Error, string? ConnectorReference) : ChargeResult;

    /// <summary>The provider refused the request itself (malformed, not allowed, wrong credentials); definite, nothing taken.</summary>
    public sealed record Rejected(PaymentError Error) : ChargeResult;

    /// <summary>The request provably never left: no connection was made.</summary>
    public sealed record NotSent(string Reason) : ChargeResult;

    /// <summary>The payer must act; nothing is taken or held yet.</summary>
    public sealed record ActionRequired(string ConnectorReference, NextAction Action) : ChargeResult;

    /// <summary>The provider has it and has not decided yet.</summary>
    public sealed record Pending(string ConnectorReference) : ChargeResult;

    /// <summary>Silence, a broken connection, a server error, or an answer that makes no sense. The money may or may not be taken.</summary>
    /// <param name="Reason">snake_case: <c>timeout</c>, <c>connection_lost</c>, <c>server_error</c>, <c>malformed_answer</c>, <c>contradictory_answer</c>, …</param>
    public sealed record Unknown(string Reason) : ChargeResult;

    /// <summary>Answer to an inquiry: the provider knows no such charge, as yet.</summary>
    public sealed record NotFound : ChargeResult;
}
