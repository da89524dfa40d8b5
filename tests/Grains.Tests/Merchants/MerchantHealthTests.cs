using OrleansPayments.Grains.Merchants;
using OrleansPayments.Grains.Tests.Connectors.Health;
using OrleansPayments.Grains.Tests.Payments;
using OrleansPayments.Merchants;
using OrleansPayments.Routing;

namespace OrleansPayments.Grains.Tests.Merchants;

/// <summary>What a merchant's payments are counted as, and for how long.</summary>
public sealed class MerchantHealthTests
{
    private static readonly MerchantState Merchant = new(
        Samples.Merchant, "Demo", "SG", Currency.Parse("USD"), "f", [], 1, DateTimeOffset.UnixEpoch, MerchantRouting.Default)
    { Status = MerchantStatus.Suspended };

    private readonly VirtualTime _time = new();
    private readonly MerchantHealth _health;

    public MerchantHealthTests() => _health = new MerchantHealth(_time);

    private MerchantHealthView View => _health.ToView(Merchant);

    [Fact]
    public void Rates_are_of_what_they_say()
    {
        Report(PaymentOutcome.Approved, 5);
        Report(PaymentOutcome.Declined, 3);
        Report(PaymentOutcome.Failed, 2);
        Report(PaymentOutcome.Unknown, 1);
        Assert.Equal((5, 3, 2, 1), (View.Approved, View.Declined, View.Failed, View.Unknown));
        Assert.Equal((5 / 8.0, 8 / 11.0), (View.AuthorizationRate, View.SuccessRate));
        Assert.Equal((Samples.Merchant, MerchantStatus.Suspended, TimeSpan.FromHours(1)), (View.Merchant, View.Status, View.Window));
    }

    [Fact]
    public void Where_nothing_is_counted_there_are_no_rates()
    {
        Assert.Equal((null, null, null, null), (View.AuthorizationRate, View.SuccessRate, View.Latency, View.LastPaymentAt));
        Assert.Empty(View.Volumes);
        Report(PaymentOutcome.Failed);
        Assert.Equal((null, 0.0), (View.AuthorizationRate, View.SuccessRate));
    }

    [Fact]
    public void The_volume_is_of_what_was_approved_by_currency_and_never_summed_across_them()
    {
        Pay("USD", 1099);
        Pay("USD", 1);
        Pay("JPY", 70);
        _health.Report(new PaymentReport(PaymentOutcome.Declined, Samples.Usd(5_000), null));
        Assert.Equal<MerchantVolume>([new MerchantVolume(Currency.Parse("JPY"), 1, 70), new MerchantVolume(Currency.Parse("USD"), 2, 1100)], View.Volumes);
    }

    [Fact]
    public void A_sum_that_does_not_fit_is_not_told_and_is_again_when_it_fits()
    {
        Pay("USD", long.MaxValue);
        Assert.Equal(long.MaxValue, View.Volumes.Single().Amount);
        _time.Pass(600);
        Pay("USD", 1);
        Assert.Equal((2, null), (View.Volumes.Single().Payments, View.Volumes.Single().Amount));
        _time.Pass(3_000);
        Assert.Equal((1, 1), (View.Volumes.Single().Payments, View.Volumes.Single().Amount));
    }

    [Theory]
    [InlineData(56 * 60, 1)]
    [InlineData(60 * 60, 0)]
    [InlineData(1_000_000, 0)]
    public void A_payment_is_forgotten_when_the_window_has_passed(double seconds, int approved)
    {
        _time.Pass(150);
        Pay("USD", 7);
        var at = _time.GetUtcNow();
        _time.Pass(seconds);
        Assert.Equal((approved, approved, at), (View.Approved, View.Volumes.Length, View.LastPaymentAt));
    }

    [Fact]
    public void It_counts_since_it_began_or_since_the_window_did()
    {
        var begun = _time.GetUtcNow();
        _time.Pass(3_599);
        Assert.Equal(begun, View.CountingSince);
        _time.Pass(2);
        Assert.Equal(begun.AddSeconds(1), View.CountingSince);
    }

    [Fact]
    public void Latencies_are_of_what_was_timed()
    {
        _health.Report(new PaymentReport(PaymentOutcome.Approved, Samples.Amount, null));
        Assert.Null(View.Latency);
        _health.Report(new PaymentReport(PaymentOutcome.Unknown, Samples.Amount, TimeSpan.FromMilliseconds(400)));
        Assert.InRange(View.Latency!.P50, 400 / 1.0443, 400 * 1.0443);
    }

    private void Pay(string currency, long amount) =>
        _health.Report(new PaymentReport(PaymentOutcome.Approved, Money.FromMinorUnits(amount, Currency.Parse(currency)), null));

    private void Report(PaymentOutcome outcome, int times = 1)
    {
        for (var time = 0; time < times; time++) _health.Report(new PaymentReport(outcome, Samples.Amount, TimeSpan.FromMilliseconds(10)));
    }
}
