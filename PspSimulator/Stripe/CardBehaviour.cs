namespace OrleansPayments.PspSimulator.Stripe;

/// <summary>What the issuer of a card does with a charge and its refunds.</summary>
internal sealed record CardBehaviour
{
    public static CardBehaviour Approves { get; } = new();

    public static CardBehaviour Authenticates { get; } = new() { RequiresAction = true };

    /// <summary>How it declines, after authentication if it asks for that; null approves.</summary>
    public CardDecline? Decline { get; init; }

    /// <summary>It asks for 3D Secure first.</summary>
    public bool RequiresAction { get; init; }

    /// <summary>It asks for nothing when the customer is away, because that was agreed on earlier.</summary>
    public bool SetUpForOffSession { get; init; }

    /// <summary>It decides only after the call was answered: the intent is <c>processing</c> until then.</summary>
    public bool DecidesLater { get; init; }

    /// <summary>What a refund is answered with.</summary>
    public RefundStatus RefundAtFirst { get; init; } = RefundStatus.Succeeded;

    /// <summary>What becomes of a refund in the end.</summary>
    public RefundStatus RefundInTheEnd { get; init; } = RefundStatus.Succeeded;
}
