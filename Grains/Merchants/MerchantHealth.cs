using OrleansPayments.Grains.Shared.Statistics;
using OrleansPayments.Merchants;

namespace OrleansPayments.Grains.Merchants;

/// <summary>What a merchant's payments of the last hour came to. In memory only: a new activation begins at nothing. About 12 KiB, and 400 bytes a currency.</summary>
internal sealed class MerchantHealth(TimeProvider time)
{
    public static readonly TimeSpan Length = TimeSpan.FromMinutes(60);

    private readonly OutcomeWindow _outcomes = new(time, Length, Enum.GetValues<PaymentOutcome>().Length);
    private readonly BucketClock _clock = new(time, Length, OutcomeWindow.Buckets);
    private readonly DateTimeOffset _begun = time.GetUtcNow();

    // There are as many as ISO 4217 has currencies at the most.
    private readonly SortedDictionary<string, VolumeWindow> _volumes = new(StringComparer.Ordinal);
    private DateTimeOffset? _lastPaymentAt;

    public void Report(PaymentReport report)
    {
        _outcomes.Report((int)report.Outcome, report.Duration);
        _lastPaymentAt = time.GetUtcNow();
        if (report.Outcome != PaymentOutcome.Approved) return;

        _clock.Advance(Forget);
        var currency = report.Amount.Currency;
        if (!_volumes.TryGetValue(currency.Code, out var volume)) _volumes.Add(currency.Code, volume = new VolumeWindow(currency));
        volume.Add(_clock.Current, report.Amount.MinorUnits);
    }

    public MerchantHealthView ToView(MerchantState merchant)
    {
        _clock.Advance(Forget);
        var (approved, declined) = (Count(PaymentOutcome.Approved), Count(PaymentOutcome.Declined));
        var (failed, unknown) = (Count(PaymentOutcome.Failed), Count(PaymentOutcome.Unknown));
        var windowBegun = time.GetUtcNow() - Length;
        return new MerchantHealthView(
            merchant.Id, merchant.Status, Length, windowBegun > _begun ? windowBegun : _begun, approved, declined, failed, unknown,
            Rate(approved, approved + declined), Rate(approved + declined, approved + declined + failed + unknown),
            [.. _volumes.Values.Where(volume => volume.Payments > 0).Select(volume => volume.ToView())], _outcomes.Latency, _lastPaymentAt);
    }

    private int Count(PaymentOutcome outcome) => _outcomes.Count((int)outcome);

    private void Forget(int bucket)
    {
        foreach (var volume in _volumes.Values) volume.Forget(bucket);
    }

    private static double? Rate(int part, int all) => all > 0 ? (double)part / all : null;
}
