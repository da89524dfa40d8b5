using OrleansPayments.Grains.Connectors;
using OrleansPayments.Grains.Payments;
using OrleansPayments.Merchants;
using OrleansPayments.Payments;

namespace OrleansPayments.Grains.Tests.Payments;

/// <summary>What a merchant's health hears of a payment: its first outcome, and nothing else.</summary>
public sealed class PaymentOutcomesTests
{
    private static readonly DateTimeOffset At = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly PaymentError No = new("card_declined", "No.", null, RetryAdvice.DoNotRetry);
    private static readonly NextAction Redirect = new(NextActionType.Redirect, "https://x.test");

    public static TheoryData<string, string> Stories => new()
    {
        { "opened", "-" },
        { "opened, approved", "Approved 1500" },
        { "opened, authorized", "Approved 1500" },
        { "opened, declined", "Declined 1500" },
        { "opened, failed", "Failed 1500" },
        { "exhausted", "Failed" },
        { "opened, unknown", "Unknown 1500" },
        { "opened, pending", "-" },
        { "opened, pending, approved", "Approved 3000" },
        { "opened, action", "-" },
        { "opened, action, approved", "Approved" },
        { "opened, action, expired", "-" },
        { "opened, authorized, capture, captured", "Approved 1500" },
        { "opened, authorized, capture, lost", "Approved 1500" },
        { "created", "-" },
        { "created, expired unconfirmed", "-" },
        { "created, cancelled", "-" },
        { "created, confirmed, approved", "Approved 1500" },
    };

    [Theory]
    [MemberData(nameof(Stories))]
    public void A_payment_is_told_of_once_at_its_first_outcome(string story, string expected)
    {
        PaymentState? state = null;
        var told = new List<string>();
        var at = At;
        foreach (var (step, version) in story.Split(", ").Select((step, index) => (step, index + 1)))
        {
            var before = state;
            var events = EventsOf(step);
            state = events.Aggregate(state, (now, happened) => PaymentMachine.Apply(Samples.Id, now, happened, version, at));
            if (PaymentOutcomes.FirstOutcome(before, state!, events) is { } report)
            {
                Assert.Equal(Samples.Amount, report.Amount);
                told.Add(FormattableString.Invariant($"{report.Outcome} {report.Duration?.TotalMilliseconds}").TrimEnd());
            }

            at += TimeSpan.FromMilliseconds(1_500);
        }

        Assert.Equal(expected, told.Count == 0 ? "-" : string.Join(", ", told));
    }

    private static PaymentEvent[] EventsOf(string step) => step switch
    {
        "opened" => PaymentMachine.Open(Samples.Command(), Samples.Decision(), Samples.CardA, returnUrl: null),
        "exhausted" => PaymentMachine.Open(Samples.Command(), Samples.Decision(), null, returnUrl: null),
        "approved" => [new AttemptApproved(1, "pi_1", Samples.Amount), new CallerAnswered()],
        "authorized" => [new AttemptAuthorized(1, "pi_1", Samples.Amount), new CallerAnswered()],
        "declined" => [new AttemptDeclined(1, No, null), new CallerAnswered()],
        "failed" => [new AttemptFailed(1, No), new CallerAnswered()],
        "unknown" => [new AttemptOutcomeUnknown(1, "timeout", null), new CallerAnswered()],
        "pending" => [new AttemptOutcomeUnknown(1, "pending_at_connector", "pi_1"), new CallerAnswered()],
        "action" => [new AttemptActionRequired(1, "pi_1", Redirect, At.AddHours(1)), new CallerAnswered()],
        "expired" => [new CancelStarted(1, null, null, IsExpiry: true), new CancelSucceeded(1)],
        "capture" => [new CaptureStarted(1, Samples.Amount, true, null)],
        "captured" => [new CaptureSucceeded(1, Samples.Amount)],
        "lost" => [new OperationOutcomeUnknown(1, "timeout")],
        "created" => PaymentMachine.Create(Samples.Command(), At.AddHours(1)),
        "expired unconfirmed" => [new PaymentExpired()],
        "cancelled" => [new PaymentCancelled(null, null)],
        "confirmed" => [new PaymentConfirmed(null, null, null), .. PaymentMachine.Route(1, Samples.Decision(), Samples.CardA, null, Waiting.Nobody)],
        _ => throw new ArgumentOutOfRangeException(nameof(step), step, "Unknown step."),
    };
}
