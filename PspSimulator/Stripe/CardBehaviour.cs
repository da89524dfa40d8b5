namespace OrleansPayments.PspSimulator.Stripe;

/// <summary>What the issuer of a card does with a charge.</summary>
/// <param name="Decline">How it declines; null approves.</param>
/// <param name="RequiresAction">It asks for 3D Secure first.</param>
internal sealed record CardBehaviour(CardDecline? Decline, bool RequiresAction)
{
    public static CardBehaviour Approves { get; } = new(null, RequiresAction: false);

    public static CardBehaviour Authenticates { get; } = new(null, RequiresAction: true);
}
