using System.Collections.Immutable;
using OrleansPayments.Connectors;
using OrleansPayments.Grains.Connectors;
using OrleansPayments.Grains.Connectors.Stripe;
using OrleansPayments.Grains.Payments;
using OrleansPayments.Payments;
using OrleansPayments.Routing;

namespace OrleansPayments.Grains.Tests.Payments;

/// <summary>After what the next connector is tried, and what becomes of the attempt before.</summary>
public sealed class FailoverTests
{
    private static readonly DateTimeOffset At = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly ConnectorName CardB = ConnectorName.Parse("card-b");
    private static readonly PaymentError Soft = StripeErrors.FromDecline("processing_error", null, null);
    private static readonly ChargeResult.Declined SoftDecline = new(Soft, "pi_1");

    private static readonly RoutingDecision Both = new(
        "dec_1", "priority", [new RoutingCandidate("card-a", true, null, 1), new RoutingCandidate("card-b", true, "lower_priority", 2)]);

    [Theory]
    [InlineData("processing_error", null, null, true)]
    [InlineData("card_declined", "processing_error", null, true)]
    [InlineData("card_declined", "issuer_not_available", null, true)]
    [InlineData("card_declined", "try_again_later", null, true)]
    [InlineData("card_declined", "reenter_transaction", null, true)]
    [InlineData("card_declined", "do_not_honor", null, true)]
    [InlineData("card_declined", "do_not_honor", "try_again_later", true)]
    [InlineData("card_declined", "do_not_honor", "do_not_try_again", false)]
    [InlineData("processing_error", null, "do_not_try_again", false)]
    [InlineData("processing_error", null, "confirm_card_data", false)]
    [InlineData("card_declined", "generic_decline", null, false)]
    [InlineData("card_declined", "generic_decline", "try_again_later", false)]
    [InlineData("card_declined", "insufficient_funds", null, false)]
    [InlineData("card_declined", "card_velocity_exceeded", null, false)]
    [InlineData("card_declined", "lost_card", null, false)]
    [InlineData("card_declined", "stolen_card", null, false)]
    [InlineData("card_declined", "pickup_card", null, false)]
    [InlineData("card_declined", "fraudulent", null, false)]
    [InlineData("card_declined", "fraudulent", "try_again_later", false)]
    [InlineData("card_declined", "do_not_try_again", null, false)]
    [InlineData("card_declined", "a_code_of_next_year", null, false)]
    [InlineData("card_declined", null, null, false)]
    [InlineData("expired_card", null, null, false)]
    [InlineData("incorrect_number", null, null, false)]
    [InlineData("incorrect_cvc", null, null, false)]
    [InlineData("authentication_required", null, null, false)]
    public void A_decline_is_passed_on_where_another_connector_may_answer_otherwise(string code, string? declineCode, string? advice, bool isPassedOn)
    {
        var declined = new ChargeResult.Declined(StripeErrors.FromDecline(code, declineCode, advice), "pi_1");
        Assert.Equal(isPassedOn ? "declined" : null, Failover.ReasonOf(declined, FailoverSettings.Default, wasDeclined: false));
        Assert.Null(Failover.ReasonOf(declined, new FailoverSettings(2, OnDecline: false), wasDeclined: false));
    }

    [Fact]
    public void An_issuer_that_gives_no_reason_is_asked_once_more_and_one_that_could_not_be_reached_again()
    {
        var refused = new ChargeResult.Declined(StripeErrors.FromDecline("card_declined", "do_not_honor", null), null);
        Assert.Null(Failover.ReasonOf(refused, FailoverSettings.Default, wasDeclined: true));
        Assert.Equal("declined", Failover.ReasonOf(SoftDecline, FailoverSettings.Default, wasDeclined: true));
    }

    [Fact]
    public void What_was_never_sent_or_refused_as_a_request_is_passed_on_and_nothing_that_is_not_known()
    {
        var none = new FailoverSettings(2, OnDecline: false);
        Assert.Equal("not_sent", Failover.ReasonOf(new ChargeResult.NotSent("connection_refused"), none, wasDeclined: false));
        Assert.Equal("rejected", Failover.ReasonOf(new ChargeResult.Rejected(StripeErrors.CredentialsRefused(null)), none, wasDeclined: false));
        ChargeResult[] others =
        [
            new ChargeResult.Unknown("timeout"), new ChargeResult.Unknown("server_error"), new ChargeResult.Pending("pi_1"), new ChargeResult.NotFound(),
            new ChargeResult.ActionRequired("pi_1", new NextAction(NextActionType.Redirect, "https://bank.example/")),
            new ChargeResult.Approved("pi_1", Samples.Amount), new ChargeResult.Authorized("pi_1", Samples.Amount),
        ];
        Assert.All(others, other => Assert.Null(Failover.ReasonOf(other, FailoverSettings.Default, wasDeclined: false)));
    }

    [Fact]
    public void One_version_ends_the_attempt_and_starts_the_next()
    {
        var opened = Opened();
        var state = Fold(opened, PassOn(opened), 2);
        Assert.Equal((PaymentStatus.Processing, 2, CardB), (state.Status, state.Attempts, state.Connector));
        Assert.Equal(new OpenAttempt(2, CardB, At, "https://pay.example/return", CredentialsVersion: 5), state.OpenAttempt);
        Assert.Equal([new PassedAttempt(1, Samples.CardA, "pi_1")], state.Passed!);
        Assert.Equal((null, null, null), (state.ConnectorReference, state.LastError, state.FirstAnswer));
        Assert.Null(state.ToView().WorkItem);

        var captured = Fold(state, PaymentMachine.Conclude(state, 2, new ChargeResult.Approved("pi_2", Samples.Amount), false, Waiting.Creator, At), 3);
        Assert.Equal((PaymentStatus.Captured, "pi_2", null), (captured.Status, captured.ConnectorReference, captured.LastError));
    }

    [Fact]
    public void An_attempt_that_ended_otherwise_meanwhile_is_not_passed_on()
    {
        var opened = Opened();
        Assert.Empty(PassOn(Told(opened, ChargeStatus.Captured)));
        Assert.Empty(PassOn(Told(opened, ChargeStatus.Declined)));
        Assert.Empty(PassOn(Told(opened, ChargeStatus.ActionRequired)));
        Assert.Empty(PassOn(Fold(opened, PassOn(opened), 2)));
    }

    [Fact]
    public void What_its_provider_told_of_was_sent_whatever_the_answer_says()
    {
        var told = Told(Opened(), ChargeStatus.Pending);
        Assert.Equal("pi_1", told.ConnectorReference);
        Assert.Empty(PaymentMachine.PassOn(told, 1, new ChargeResult.NotSent("connection_refused"), "not_sent", Both, CardB, null));
        Assert.Empty(PaymentMachine.PassOn(told, 1, new ChargeResult.Rejected(Soft), "rejected", Both, CardB, null));
        Assert.NotEmpty(PassOn(told));
    }

    [Fact]
    public void No_attempt_begins_while_another_is_open()
    {
        var state = Opened();
        Assert.Throws<InvalidDataException>(() => Fold(state, [new AttemptStarted(2, CardB)], 2));
        Assert.Throws<InvalidOperationException>(() => PaymentMachine.PassOn(state, 1, new ChargeResult.Unknown("timeout"), "declined", Both, CardB, null));
    }

    [Theory]
    [InlineData(ChargeStatus.Declined, 0)]
    [InlineData(ChargeStatus.Cancelled, 0)]
    [InlineData(ChargeStatus.Pending, 0)]
    [InlineData(ChargeStatus.ActionRequired, 0)]
    public void A_late_notice_of_the_attempt_before_does_not_disturb_the_next(ChargeStatus status, long captured)
    {
        var opened = Opened();
        Assert.Empty(PaymentMachine.Observe(Fold(opened, PassOn(opened), 2), Notice(status, captured), At));
    }

    [Theory]
    [InlineData(ChargeStatus.Captured, 1099, PaymentResolution.NotCaptured, PaymentResolution.Captured)]
    [InlineData(ChargeStatus.Authorized, 0, PaymentResolution.NotAuthorized, PaymentResolution.Authorized)]
    public void Its_charge_that_is_there_all_the_same_is_for_a_person_once(
        ChargeStatus status, long captured, PaymentResolution resolution, PaymentResolution other)
    {
        var opened = Opened();
        var state = Fold(opened, PassOn(opened), 2);
        state = Fold(state, PaymentMachine.Observe(state, Notice(status, captured), At), 3);
        Assert.Equal((PaymentStatus.Processing, 2), (state.Status, state.OpenAttempt!.Number));
        CheckWorkItem(state);
        Assert.Empty(PaymentMachine.Observe(state, Notice(status, captured), At));

        // The payment goes its way, and the charge stays to be seen to.
        state = Fold(state, PaymentMachine.Conclude(state, 2, new ChargeResult.Approved("pi_2", Samples.Amount), false, Waiting.Creator, At), 4);
        Assert.Equal((PaymentStatus.Captured, "pi_2"), (state.Status, state.ConnectorReference));
        CheckWorkItem(state);

        Assert.Equal(RefusalCode.InvalidState, PaymentMachine.Resolve(state, Word(other)).Refusal!.Code);
        state = Fold(state, [PaymentMachine.Resolve(state, Word(resolution)).Value], 5);
        Assert.Null(state.ToView().WorkItem);
        Assert.Equal((PaymentStatus.Captured, "pi_2", Samples.Amount), (state.Status, state.ConnectorReference, state.AmountCaptured));
        Assert.Empty(PaymentMachine.Observe(state, Notice(status, captured), At));
        Assert.Equal(RefusalCode.InvalidState, PaymentMachine.Resolve(state, Word(resolution)).Refusal!.Code);

        void CheckWorkItem(PaymentState of)
        {
            var item = of.ToView().WorkItem!;
            Assert.Equal((WorkItem.ChargeOfPassedAttempt, At), (item.Reason, item.Since));
            Assert.Equal([resolution], item.Resolutions.ToArray());
            Assert.Equal(("card-a", "pi_1", Samples.Amount), (item.Connector, item.ConnectorReference, item.Amount));
        }
    }

    [Fact]
    public void What_the_payment_itself_waits_for_is_said_first()
    {
        var opened = Opened();
        var state = Fold(opened, PassOn(opened), 2);
        state = Fold(state, PaymentMachine.Observe(state, Notice(ChargeStatus.Captured, 1099), At), 3);
        state = Fold(state, PaymentMachine.HandOver(state, WorkItemReasons.OutcomeUnknown), 4);
        Assert.Equal("outcome_unknown", state.ToView().WorkItem!.Reason);
        state = Fold(state, [PaymentMachine.Resolve(state, Word(PaymentResolution.NotCaptured, named: null)).Value], 5);
        Assert.Equal((PaymentStatus.Failed, WorkItem.ChargeOfPassedAttempt), (state.Status, state.ToView().WorkItem!.Reason));
    }

    [Fact]
    public void A_word_that_names_the_passed_charge_is_about_that_one_also_while_another_is_open()
    {
        var opened = Opened();
        var state = Fold(opened, PassOn(opened), 2);
        state = Fold(state, PaymentMachine.Observe(state, Notice(ChargeStatus.Captured, 1099), At), 3);
        state = Fold(state, PaymentMachine.HandOver(state, WorkItemReasons.OutcomeUnknown), 4);
        var item = state.ToView().WorkItem!;
        Assert.Equal(("outcome_unknown", "card-b", null, Samples.Amount), (item.Reason, item.Connector, item.ConnectorReference, item.Amount));
        Assert.Equal("/resolution", PaymentMachine.Resolve(state, Word(PaymentResolution.Captured)).Refusal!.Param);

        state = Fold(state, [PaymentMachine.Resolve(state, Word(PaymentResolution.NotCaptured)).Value], 5);
        Assert.Equal((PaymentStatus.Processing, "outcome_unknown", 2), (state.Status, state.ToView().WorkItem!.Reason, state.OpenAttempt!.Number));
        Assert.Equal((null, "pi_1"), (state.Passed![0].Surfaced, state.Passed[0].GivenBack?.ConnectorReference));

        // It is given back and has nothing to do with what is still open.
        CheckRefused(state, Word(PaymentResolution.Captured));
        state = Fold(state, [PaymentMachine.Resolve(state, Word(PaymentResolution.Captured, "pi_2")).Value], 6);
        Assert.Equal((PaymentStatus.Captured, "pi_2", null), (state.Status, state.ConnectorReference, state.ToView().WorkItem));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("pi_2")]
    [InlineData("pi_9")]
    public void A_passed_charge_is_resolved_by_its_name_only(string? named)
    {
        var opened = Opened();
        var state = Fold(opened, PassOn(opened), 2);
        state = Fold(state, PaymentMachine.Conclude(state, 2, new ChargeResult.Approved("pi_2", Samples.Amount), false, Waiting.Creator, At), 3);
        state = Fold(state, PaymentMachine.Observe(state, Notice(ChargeStatus.Captured, 1099), At), 4);
        CheckRefused(state, Word(PaymentResolution.NotCaptured, named));
        Assert.NotNull(PaymentMachine.Resolve(state, Word(PaymentResolution.NotCaptured)).Value);
    }

    [Fact]
    public void A_word_on_one_of_two_passed_charges_leaves_the_other()
    {
        var cardC = ConnectorName.Parse("card-c");
        var opened = Opened();
        var state = Fold(opened, PassOn(opened), 2);
        state = Fold(state, PaymentMachine.PassOn(state, 2, new ChargeResult.Declined(Soft, "pi_2"), "declined", Both, cardC, null), 3);
        state = Fold(state, PaymentMachine.Observe(state, Notice(ChargeStatus.Captured, 1099), At), 4);
        state = Fold(state, PaymentMachine.Observe(state, Notice(ChargeStatus.Captured, 1099) with { Connector = CardB, Attempt = 2, ConnectorReference = "pi_2" }, At), 5);
        Assert.Equal("pi_1", state.ToView().WorkItem!.ConnectorReference);
        state = Fold(state, [PaymentMachine.Resolve(state, Word(PaymentResolution.NotCaptured, "pi_2")).Value], 6);
        Assert.Equal(("card-a", "pi_1"), (state.ToView().WorkItem!.Connector, state.ToView().WorkItem!.ConnectorReference));
        state = Fold(state, [PaymentMachine.Resolve(state, Word(PaymentResolution.NotCaptured)).Value], 7);
        Assert.Null(state.ToView().WorkItem);
    }

    [Theory]
    [InlineData("card-b", 1, "pi_1", 1099)]
    [InlineData("card-a", 3, "pi_1", 1099)]
    [InlineData("card-a", 1, "pi_9", 1099)]
    [InlineData("card-a", 1, "pi_1", 1000)]
    public void A_notice_of_another_charge_says_nothing(string connector, int attempt, string reference, long amount)
    {
        var opened = Opened();
        var notice = new ChargeNotice(
            "evt_1", "payment_intent.succeeded", ConnectorName.Parse(connector), attempt, reference, ChargeStatus.Captured, Samples.Usd(amount), Samples.Usd(amount), null, null);
        Assert.Empty(PaymentMachine.Observe(Fold(opened, PassOn(opened), 2), notice, At));
    }

    [Fact]
    public void The_state_is_kept_by_the_read_model()
    {
        var opened = Opened();
        var state = Fold(opened, PassOn(opened), 2);
        var json = System.Text.Json.JsonSerializer.Serialize(state, PaymentJson.Default.PaymentState);
        var read = System.Text.Json.JsonSerializer.Deserialize(json, PaymentJson.Default.PaymentState)!;
        Assert.Equal(state.Passed!.ToArray(), read.Passed!.ToArray());
        Assert.DoesNotContain("passed", System.Text.Json.JsonSerializer.Serialize(opened, PaymentJson.Default.PaymentState), StringComparison.Ordinal);
    }

    private static PaymentEvent[] PassOn(PaymentState state) =>
        PaymentMachine.PassOn(state, 1, SoftDecline, "declined", Both.Without("card-a", "declined"), CardB, "https://pay.example/return", credentialsVersion: 5);

    private static PaymentState Opened() => Fold(null, PaymentMachine.Open(Samples.Command(), Both, Samples.CardA, returnUrl: null), 1);

    private static PaymentState Told(PaymentState state, ChargeStatus status) =>
        Fold(state, PaymentMachine.Observe(state, Notice(status, status == ChargeStatus.Captured ? 1099 : 0), At), 2);

    private static ChargeNotice Notice(ChargeStatus status, long captured) => new(
        "evt_1", "payment_intent.changed", Samples.CardA, 1, "pi_1", status, Samples.Amount, Samples.Usd(captured), status == ChargeStatus.Declined ? Soft : null,
        status == ChargeStatus.ActionRequired ? new NextAction(NextActionType.Redirect, "https://bank.example/") : null);

    private static ResolvePayment Word(PaymentResolution resolution, string? named = "pi_1") => new(resolution, "Refunded it there.", "ann", null, named);

    private static void CheckRefused(PaymentState state, ResolvePayment word)
    {
        var refusal = PaymentMachine.Resolve(state, word).Refusal!;
        Assert.Equal((RefusalCode.InvalidState, "/connector_reference"), (refusal.Code, refusal.Param));
    }

    private static PaymentState Fold(PaymentState? state, PaymentEvent[] events, int version)
    {
        foreach (var happened in events) state = PaymentMachine.Apply(Samples.Id, state, happened, version, At);
        return state!;
    }
}
