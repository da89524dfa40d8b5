using OrleansPayments.Grains.Payments;

namespace OrleansPayments.Simulation.World;

/// <summary>Where payers come back to.</summary>
internal sealed class ReturnAddress : IReturnAddress
{
    public string Of(PaymentId payment) => "https://pay.example/return/" + payment.Value;
}
