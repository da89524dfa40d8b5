using OrleansPayments.Merchants;

namespace OrleansPayments.Grains.Merchants;

// How its payments fare, which they tell one way.
internal sealed partial class MerchantGrain
{
    // As seldom is it said again that this activation is to stay.
    private static readonly TimeSpan BetweenDelays = TimeSpan.FromMinutes(1);

    private MerchantHealth? _health;
    private long? _delayedAt;

    public Task ReportPayment(PaymentReport report)
    {
        // A merchant that does not exist has no payments.
        if (State is null) return Task.CompletedTask;
        Health.Report(report);
        Stay();
        return Task.CompletedTask;
    }

    public Task<MerchantHealthView?> GetHealth()
    {
        if (State is not { } state) return Task.FromResult<MerchantHealthView?>(null);
        return Task.FromResult<MerchantHealthView?>((_health ?? new MerchantHealth(time)).ToView(state));
    }

    private MerchantHealth Health => _health ??= new MerchantHealth(time);

    // While there is something to count it stays in memory.
    private void Stay()
    {
        if (_delayedAt is { } delayed && time.GetElapsedTime(delayed) < BetweenDelays) return;
        DelayDeactivation(MerchantHealth.Length);
        _delayedAt = time.GetTimestamp();
    }
}
