using OrleansPayments.Connectors;

namespace OrleansPayments.Grains.Connectors.Health;

/// <summary>What a circuit's change rests on.</summary>
/// <param name="Calls">Charges whose technical outcome is known.</param>
/// <param name="SuccessRate">0 to 1; null without calls.</param>
internal readonly record struct CircuitEvidence(int Calls, double? SuccessRate, TechnicalFailures Failures)
{
    public static CircuitEvidence None { get; } = new(0, null, new TechnicalFailures(0, 0, 0));
}
