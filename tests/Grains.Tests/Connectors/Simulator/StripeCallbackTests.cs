using System.Text.Json;
using OrleansPayments.Grains.Connectors;
using OrleansPayments.Grains.Connectors.Stripe;
using OrleansPayments.Grains.Tests.Payments;
using OrleansPayments.Payments;

namespace OrleansPayments.Grains.Tests.Connectors.Simulator;

/// <summary>Every kind of callback that the simulator sends, as it comes over the wire, read by the adapter.</summary>
public sealed class StripeCallbackTests(SimulatedStripe stripe) : IClassFixture<SimulatedStripe>, IDisposable
{
    private const string Authenticates = "4000000000003220";

    private readonly CancellationTokenSource _limit = new(TimeSpan.FromSeconds(20));

    private StripeProvider Provider => stripe.Provider;

    public void Dispose() => _limit.Dispose();

    public static TheoryData<string, string[]> Payments => new()
    {
        { "approved", ["payment_intent.created Pending 1099 0", "charge.succeeded Captured 1099 1099", "payment_intent.succeeded Captured 1099 1099"] },
        { "declined", ["payment_intent.created Pending 1099 0", "charge.failed Ignored", "payment_intent.payment_failed Declined 1099 0 insufficient_funds"] },
        {
            "late",
            [
                "payment_intent.created Pending 1099 0", "charge.pending Ignored", "payment_intent.processing Pending 1099 0",
                "charge.succeeded Captured 1099 1099", "payment_intent.succeeded Captured 1099 1099",
            ]
        },
        {
            "authenticated",
            [
                "payment_intent.created Pending 1099 0", "payment_intent.requires_action ActionRequired 1099 0 {page}",
                "charge.succeeded Captured 1099 1099", "payment_intent.succeeded Captured 1099 1099",
            ]
        },
        {
            "authentication failed",
            [
                "payment_intent.created Pending 1099 0", "payment_intent.requires_action ActionRequired 1099 0 {page}",
                "payment_intent.payment_failed Declined 1099 0 authentication_failed",
            ]
        },
        {
            "captured in parts",
            [
                "payment_intent.created Pending 1099 0", "charge.succeeded Authorized 1099 0", "payment_intent.amount_capturable_updated Authorized 1099 0",
                "charge.updated Ignored", "payment_intent.amount_capturable_updated Authorized 1099 500",
                "charge.captured Captured 1099 1099", "payment_intent.succeeded Captured 1099 1099",
            ]
        },
        {
            "captured in part",
            [
                "payment_intent.created Pending 1099 0", "charge.succeeded Authorized 1099 0", "payment_intent.amount_capturable_updated Authorized 1099 0",
                "charge.captured Ignored", "payment_intent.succeeded Captured 1099 500",
            ]
        },
        {
            "cancelled",
            [
                "payment_intent.created Pending 1099 0", "charge.succeeded Authorized 1099 0", "payment_intent.amount_capturable_updated Authorized 1099 0",
                "charge.refunded Ignored", "payment_intent.canceled Cancelled 1099 0",
            ]
        },
        {
            "expired",
            [
                "payment_intent.created Pending 1099 0", "charge.succeeded Authorized 1099 0", "payment_intent.amount_capturable_updated Authorized 1099 0",
                "charge.expired Cancelled 1099 0", "payment_intent.canceled Cancelled 1099 0",
            ]
        },
        {
            "refund failed",
            [
                "payment_intent.created Pending 1099 0", "charge.succeeded Captured 1099 1099", "payment_intent.succeeded Captured 1099 1099",
                "charge.refund.updated Ignored", "charge.refunded Ignored", "charge.updated Ignored", "refund.created Ignored", "refund.failed Ignored", "refund.updated Ignored",
            ]
        },
    };

    [Theory]
    [MemberData(nameof(Payments))]
    public async Task A_callback_says_how_the_charge_stood(string story, string[] expected)
    {
        var account = stripe.NewAccount();
        await account.ReceiveCallbacks();
        var (intent, page) = await Play(story, account);

        var readings = (await account.Callbacks(expected.Length)).Select(callback => (Type: TypeOf(callback), Reading: Provider.ReadCallback(account.Access, callback))).ToArray();

        // Of a refund that fails the simulator promises no order between the charge's events and the refund's own.
        var told = readings.Select(one => $"{one.Type} {StripeSamples.Describe(one.Reading)}");
        if (story == "refund failed") told = [.. told.Take(3), .. told.Skip(3).Order(StringComparer.Ordinal)];
        Assert.Equal(expected.Select(line => line.Replace("{page}", page, StringComparison.Ordinal)), told);

        var notices = readings.Select(one => one.Reading).OfType<CallbackReading.About>().ToArray();
        Assert.All(notices, about => Assert.Equal(
            (Samples.Id, Samples.CardA, 1, intent), (about.Payment, about.Notice.Connector, about.Notice.Attempt, about.Notice.ConnectorReference)));
        Assert.Equal(notices.Length, notices.Select(about => about.Notice.EventId).Distinct().Count());
    }

    [Theory]
    [InlineData("forge", "Refused signature_wrong")]
    [InlineData("stale", "Refused timestamp_out_of_range")]
    [InlineData("duplicate", "Pending 1099 0")]
    public async Task A_disturbed_callback_is_refused_or_recognised(string mode, string expected)
    {
        var account = stripe.NewAccount();
        await account.ReceiveCallbacks();
        await account.Steer("callbacks", $$"""{"mode":"{{mode}}","type":"payment_intent.created","times":1}""");
        await Charge(account, "4242424242424242");

        var created = (await account.Callbacks(mode == "duplicate" ? 4 : 3)).Where(callback => TypeOf(callback) == "payment_intent.created").ToArray();
        var readings = created.Select(callback => Provider.ReadCallback(account.Access, callback)).ToArray();

        Assert.All(readings, reading => Assert.Equal(expected, StripeSamples.Describe(reading)));
        Assert.Equal(mode == "duplicate" ? 2 : 1, readings.Length);
        Assert.Single(readings.Distinct());
    }

    [Fact]
    public async Task An_account_does_not_believe_another_ones_callbacks()
    {
        var account = stripe.NewAccount();
        await account.ReceiveCallbacks();
        await Charge(account, "4242424242424242");
        var other = stripe.NewAccount();
        Assert.All(await account.Callbacks(3), callback => Assert.Equal("Refused signature_wrong", StripeSamples.Describe(Provider.ReadCallback(other.Access, callback))));
    }

    // What happens; the intent, and the issuer's page if there is one.
    private async Task<(string Intent, string Page)> Play(string story, StripeAccount account)
    {
        switch (story)
        {
            case "approved":
                return (Assert.IsType<ChargeResult.Approved>(await Charge(account, "4242424242424242")).ConnectorReference, "");
            case "declined":
                return (Assert.IsType<ChargeResult.Declined>(await Charge(account, "4000000000009995")).ConnectorReference!, "");
            case "late":
                return (Assert.IsType<ChargeResult.Pending>(await Charge(account, "4000000000009193")).ConnectorReference, "");
            case "authenticated" or "authentication failed":
                var asked = Assert.IsType<ChargeResult.ActionRequired>(await Charge(account, Authenticates));
                await account.Answer(asked.Action.Url, story == "authenticated" ? "complete" : "fail");
                return (asked.ConnectorReference, asked.Action.Url);
            case "refund failed":
                var paid = Assert.IsType<ChargeResult.Approved>(await Charge(account, "4000000000005126")).ConnectorReference;
                Assert.IsType<RefundResult.Succeeded>(await Provider.Refund(account.Access, new(Operation("refund"), paid, Samples.Usd(400)), _limit.Token));
                return (paid, "");
            default:
                return (await PlayHeld(story, account), "");
        }
    }

    private async Task<string> PlayHeld(string story, StripeAccount account)
    {
        var held = Assert.IsType<ChargeResult.Authorized>(await Charge(account, "4242424242424242", CaptureMethod.ManualMultiple)).ConnectorReference;
        switch (story)
        {
            case "cancelled":
                Assert.IsType<OperationResult.Done>(await Provider.Cancel(account.Access, new(Operation("cancel"), held, Samples.Amount), _limit.Token));
                break;
            case "expired":
                await account.Steer("expire", "{}");
                break;
            default:
                var inParts = story == "captured in parts";
                Assert.IsType<OperationResult.Done>(await Capture(account, held, 1, 500, 0, isFinal: !inParts));
                if (inParts) Assert.IsType<OperationResult.Done>(await Capture(account, held, 2, 599, 500, isFinal: true));
                break;
        }

        return held;
    }

    private Task<OperationResult> Capture(StripeAccount account, string held, int number, long amount, long before, bool isFinal) => Provider.Capture(
        account.Access, new(Operation("capture") with { Number = number }, held, Samples.Usd(amount), Samples.Usd(before), isFinal), _limit.Token);

    private Task<ChargeResult> Charge(StripeAccount account, string card, CaptureMethod method = CaptureMethod.Automatic) =>
        Provider.Charge(account.Access, StripeSamples.Charge(Samples.Amount, card, method, "https://shop.example/back"), _limit.Token);

    private static OperationReference Operation(string name) => new(StripeSamples.Attempt, name, 1);

    private static string TypeOf(CallbackRequest callback)
    {
        using var json = JsonDocument.Parse(callback.Body);
        return json.RootElement.GetProperty("type").GetString()!;
    }
}
