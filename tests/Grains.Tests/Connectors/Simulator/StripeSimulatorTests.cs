using OrleansPayments.Grains.Connectors;
using OrleansPayments.Grains.Connectors.Stripe;
using OrleansPayments.Grains.Tests.Payments;
using OrleansPayments.Payments;

namespace OrleansPayments.Grains.Tests.Connectors.Simulator;

/// <summary>The adapter against the simulator over real sockets: 3-D Secure and refunds.</summary>
public sealed class StripeSimulatorTests(SimulatedStripe stripe) : IClassFixture<SimulatedStripe>, IDisposable
{
    private const string Authenticates = "4000000000003220";
    private const string Shop = "https://shop.example/back?order=1";

    private readonly CancellationTokenSource _limit = new(TimeSpan.FromSeconds(20));

    private StripeProvider Provider => stripe.Provider;

    public void Dispose() => _limit.Dispose();

    [Theory]
    [InlineData(CaptureMethod.Automatic, "complete", "Approved")]
    [InlineData(CaptureMethod.Manual, "complete", "Authorized")]
    [InlineData(CaptureMethod.Automatic, "fail", "Declined authentication_failed TryOtherMethod payment_intent_authentication_failure")]
    [InlineData(CaptureMethod.Manual, "cancel", "Declined authentication_failed TryOtherMethod payment_intent_authentication_failure")]
    public async Task The_payer_is_sent_to_the_issuer_and_decides(CaptureMethod method, string outcome, string expected)
    {
        var account = stripe.NewAccount();
        var request = StripeSamples.Charge(Samples.Amount, Authenticates, method, Shop);

        var asked = Assert.IsType<ChargeResult.ActionRequired>(await Provider.Charge(account.Access, request, _limit.Token));
        foreach (var known in new[] { asked.ConnectorReference, null }) Assert.Equal(asked, await Find(account, method, known));
        Assert.Empty(await account.Book());

        Assert.StartsWith(Shop + "&payment_intent=" + asked.ConnectorReference, await account.Answer(asked.Action.Url, outcome), StringComparison.Ordinal);

        foreach (var known in new[] { asked.ConnectorReference, null }) Assert.Equal(expected, Describe(await Find(account, method, known)));

        // Under the same reference the first answer comes again, though it is history: a repetition says what was, an inquiry what is.
        Assert.Equal(asked, await Provider.Charge(account.Access, request, _limit.Token));
        Assert.Equal(outcome == "complete" ? 1 : 0, (await account.Book()).Length);
    }

    [Fact]
    public async Task Without_an_address_to_come_back_to_the_card_is_declined()
    {
        var result = await Provider.Charge(stripe.NewAccount().Access, StripeSamples.Charge(Samples.Amount, Authenticates), _limit.Token);
        Assert.Equal("Declined authentication_required TryOtherMethod authentication_not_handled", Describe(result));
    }

    [Fact]
    public async Task A_card_that_asks_for_nothing_is_charged_at_once_though_there_is_an_address()
    {
        var result = await Provider.Charge(stripe.NewAccount().Access, StripeSamples.Charge(Samples.Amount, returnUrl: Shop), _limit.Token);
        Assert.Equal(Samples.Amount, Assert.IsType<ChargeResult.Approved>(result).AmountCaptured);
    }

    [Fact]
    public async Task A_charge_that_waits_for_the_payer_can_be_cancelled()
    {
        var account = stripe.NewAccount();
        var asked = await Ask(account);
        var cancel = new CancelRequest(new(StripeSamples.Attempt, "cancel", 1), asked.ConnectorReference, Samples.Amount);

        Assert.Equal(new OperationResult.Done(Samples.Usd(0)), await Provider.Cancel(account.Access, cancel, _limit.Token));
        Assert.Equal(new OperationResult.Done(Samples.Usd(0)), await Provider.Cancel(account.Access, cancel, _limit.Token));

        Assert.Equal("Declined canceled_at_connector RetryLater ", Describe(await Find(account, CaptureMethod.Automatic, asked.ConnectorReference)));
        Assert.Empty(await account.Book());
    }

    [Fact]
    public async Task Cancelling_what_the_payer_has_meanwhile_paid_is_refused_for_good()
    {
        var account = stripe.NewAccount();
        var asked = await Ask(account);
        await account.Answer(asked.Action.Url, "complete");

        var cancel = new CancelRequest(new(StripeSamples.Attempt, "cancel", 1), asked.ConnectorReference, Samples.Amount);
        var refused = Assert.IsType<OperationResult.Refused>(await Provider.Cancel(account.Access, cancel, _limit.Token));

        Assert.Equal(("connector_refused_operation", "payment_intent_unexpected_state"), (refused.Error.Code, refused.Error.ConnectorCode));
        Assert.Equal("Approved", Describe(await Find(account, CaptureMethod.Automatic, asked.ConnectorReference)));
        Assert.Equal(["captured 1099 0"], await account.Book());
    }

    [Theory]
    [InlineData("timeout_after", "Unknown timeout")]
    [InlineData("reset_after", "Unknown connection_lost")]
    [InlineData("timeout_before", "Unknown timeout")]
    [InlineData("reset_before", "Unknown connection_lost")]
    [InlineData("http_500", "Unknown server_error")]
    [InlineData("malformed", "Unknown malformed_answer")]
    public async Task A_refund_whose_answer_is_lost_is_repeated_and_made_once(string fault, string expected)
    {
        var account = stripe.NewAccount();
        var refund = Refund(await Paid(account), 1, 400);
        await account.Fault("refund", fault);
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(fault.StartsWith("timeout", StringComparison.Ordinal) ? 200 : 10_000));

        Assert.Equal(expected, StripeSamples.Describe(await Provider.Refund(account.Access, refund, patience.Token)));
        var arrived = fault.EndsWith("after", StringComparison.Ordinal);
        Assert.Equal(arrived ? "Succeeded" : "NotFound", (await Provider.FindRefund(account.Access, Lost(refund), _limit.Token)).GetType().Name);

        var made = Assert.IsType<RefundResult.Succeeded>(await Provider.Refund(account.Access, refund, _limit.Token));
        Assert.Equal(refund.Amount, made.Amount);
        Assert.Equal(made, await Provider.Refund(account.Access, refund, _limit.Token));
        Assert.Equal(made, await Provider.FindRefund(account.Access, Lost(refund), _limit.Token));
        Assert.Equal(made, await Provider.FindRefund(account.Access, Lost(refund) with { RefundReference = made.RefundReference }, _limit.Token));
        Assert.Equal(["captured 1099 400"], await account.Book());
    }

    [Fact]
    public async Task Refunds_of_other_names_are_other_refunds_until_nothing_is_left()
    {
        var account = stripe.NewAccount();
        var paid = await Paid(account);

        Assert.IsType<RefundResult.Succeeded>(await Provider.Refund(account.Access, Refund(paid, 1, 400), _limit.Token));
        Assert.Equal("Refused connector_refused_refund", StripeSamples.Describe(await Provider.Refund(account.Access, Refund(paid, 2, 700), _limit.Token)));
        Assert.IsType<RefundResult.NotFound>(await Provider.FindRefund(account.Access, Lost(Refund(paid, 2, 700)), _limit.Token));
        Assert.IsType<RefundResult.Succeeded>(await Provider.Refund(account.Access, Refund(paid, 3, 699), _limit.Token));
        var none = Assert.IsType<RefundResult.Refused>(await Provider.Refund(account.Access, Refund(paid, 4, 1), _limit.Token));

        Assert.Equal("charge_already_refunded", none.Error.ConnectorCode);
        Assert.Equal(["refunded 1099 1099"], await account.Book());
    }

    [Fact]
    public async Task A_refund_under_a_used_name_with_another_amount_is_not_answered()
    {
        var account = stripe.NewAccount();
        var refund = Refund(await Paid(account), 1, 400);
        await Provider.Refund(account.Access, refund, _limit.Token);
        Assert.Equal("Unknown idempotency_conflict", StripeSamples.Describe(await Provider.Refund(account.Access, refund with { Amount = Samples.Usd(401) }, _limit.Token)));
        Assert.Equal(["captured 1099 400"], await account.Book());
    }

    [Theory]
    [InlineData("4000000000007726", "Pending", "Succeeded")]
    [InlineData("4000000000005126", "Succeeded", "Failed")]
    public async Task A_refund_may_be_decided_later(string card, string first, string last)
    {
        var account = stripe.NewAccount();
        var refund = Refund(await Paid(account, card), 1, 400);

        Assert.Equal(first, (await Provider.Refund(account.Access, refund, _limit.Token)).GetType().Name);

        await StripeAccount.Until(async () => (await Provider.FindRefund(account.Access, Lost(refund), _limit.Token)).GetType().Name == last);
        Assert.Equal([last == "Failed" ? "captured 1099 0" : "captured 1099 400"], await account.Book());
    }

    [Fact]
    public async Task A_merchant_without_balance_may_try_again_later()
    {
        var account = stripe.NewAccount();
        var refund = Refund(await Paid(account), 1, 400);
        await account.Fault("refund", "decline");
        var refused = Assert.IsType<RefundResult.Refused>(await Provider.Refund(account.Access, refund, _limit.Token));
        Assert.Equal(("connector_balance_insufficient", RetryAdvice.RetryLater), (refused.Error.Code, refused.Error.Advice));
        Assert.Equal(["captured 1099 0"], await account.Book());
    }

    [Fact]
    public async Task A_refund_is_found_behind_a_hundred_others()
    {
        var account = stripe.NewAccount();
        var paid = await Paid(account);
        var first = await Provider.Refund(account.Access, Refund(paid, 1, 7), _limit.Token);
        for (var number = 2; number <= 105; number++) await Provider.Refund(account.Access, Refund(paid, number, 1), _limit.Token);

        Assert.Equal(first, await Provider.FindRefund(account.Access, Lost(Refund(paid, 1, 7)), _limit.Token));
        Assert.IsType<RefundResult.Succeeded>(await Provider.FindRefund(account.Access, Lost(Refund(paid, 105, 1)), _limit.Token));
        Assert.IsType<RefundResult.NotFound>(await Provider.FindRefund(account.Access, Lost(Refund(paid, 106, 1)), _limit.Token));
    }

    [Fact]
    public async Task Nobody_listening_is_no_refund()
    {
        var nobody = StripeSamples.Access();
        Assert.Equal("NotSent connector_unreachable", StripeSamples.Describe(await Provider.Refund(nobody, Refund("pi_1", 1, 400), _limit.Token)));
        Assert.Equal("Unknown connection_refused", StripeSamples.Describe(await Provider.FindRefund(nobody, Lost(Refund("pi_1", 1, 400)), _limit.Token)));
        Assert.Equal("Unknown unexpected_status", StripeSamples.Describe(await Provider.Refund(stripe.NewAccount().Access, Refund("pi_1", 1, 400), _limit.Token)));
    }

    private static RefundRequest Refund(string intent, int number, long amount) => new(new(StripeSamples.Attempt, "refund", number), intent, Samples.Usd(amount));

    private static RefundInquiry Lost(RefundRequest refund) => new(refund.Reference, refund.ConnectorReference, null, refund.Amount);

    private static string Describe(ChargeResult result) => result is ChargeResult.Declined { Error: var error }
        ? $"Declined {error.Code} {error.Advice} {error.ConnectorCode}"
        : result.GetType().Name;

    private async Task<string> Paid(StripeAccount account, string card = "4242424242424242") =>
        Assert.IsType<ChargeResult.Approved>(await Provider.Charge(account.Access, StripeSamples.Charge(Samples.Amount, card), _limit.Token)).ConnectorReference;

    private async Task<ChargeResult.ActionRequired> Ask(StripeAccount account) => Assert.IsType<ChargeResult.ActionRequired>(
        await Provider.Charge(account.Access, StripeSamples.Charge(Samples.Amount, Authenticates, returnUrl: Shop), _limit.Token));

    private Task<ChargeResult> Find(StripeAccount account, CaptureMethod method, string? known) =>
        Provider.FindCharge(account.Access, new ChargeInquiry(StripeSamples.Attempt, known, Samples.Amount, method), _limit.Token);
}
