using System.Collections.Immutable;
using OrleansPayments.Connectors;
using OrleansPayments.Grains.Connectors;
using OrleansPayments.Grains.Payments;
using OrleansPayments.Payments;
using OrleansPayments.Routing;

namespace OrleansPayments.Grains.Tests.Payments;

public sealed class PaymentMachineTests
{
    private static readonly DateTimeOffset At = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly PaymentError Refused = new("card_declined", "No.", "generic_decline", RetryAdvice.TryOtherMethod);

    [Fact]
    public void With_a_connector_the_attempt_is_part_of_the_first_version()
    {
        var state = Fold(PaymentMachine.Open(Samples.Command(), Samples.Decision(), Samples.CardA, returnUrl: null), 1);
        Assert.Equal(PaymentStatus.Processing, state.Status);
        Assert.Equal(new OpenAttempt(1, Samples.CardA, At), state.OpenAttempt);
        Assert.Equal(1, state.Version);
        Assert.Null(state.FirstAnswer);
    }

    // An attempt of earlier times was recorded without, and a permit of an earlier silo comes without.
    [Theory]
    [InlineData(1, 1, true)]
    [InlineData(3, 3, true)]
    [InlineData(1, 3, false)]
    [InlineData(3, 4, false)]
    [InlineData(null, 1, true)]
    [InlineData(null, 2, false)]
    [InlineData(2, null, true)]
    [InlineData(null, null, true)]
    public void An_attempt_is_of_the_credentials_that_it_was_sent_with(int? attempt, int? permit, bool same)
    {
        var opened = Fold(PaymentMachine.Open(Samples.Command(), Samples.Decision(), Samples.CardA, returnUrl: null, attempt), 1).OpenAttempt!;
        Assert.Equal(attempt, opened.CredentialsVersion);
        var settings = new ConnectorSettings(
            Enabled: true, Priority: 1, TimeoutMs: 2_000, new ConnectorCapabilities(["card"], ["*"], ["*"]), [], HealthSettings.Default, InquirySettings.Default, MerchantId: null);
        Assert.Equal(same, opened.IsOfCredentials(new ConnectorPermit(Samples.CardA, "stripe", settings, [], CredentialsVersion: permit)));
    }

    [Fact]
    public void Without_a_connector_the_payment_has_failed_at_once()
    {
        var state = Fold(PaymentMachine.Open(Samples.Command(), Samples.Decision(), null, returnUrl: null), 1);
        Assert.Equal(PaymentStatus.Failed, state.Status);
        Assert.Equal("no_eligible_connector", state.LastError!.Code);
        Assert.Null(state.OpenAttempt);
        Assert.Equal(1, state.FirstAnswer!.Version);
    }

    [Fact]
    public void Approval_captures_what_the_connector_took()
    {
        var state = After(new ChargeResult.Approved("pi_1", Samples.Amount), answersCaller: true);
        Assert.Equal(PaymentStatus.Captured, state.Status);
        Assert.Equal(Samples.Amount, state.AmountCaptured);
        Assert.Equal("pi_1", state.ConnectorReference);
        Assert.Null(state.OpenAttempt);
        Assert.Equal(2, state.FirstAnswer!.Version);
        Assert.Equal(PaymentStatus.Captured, state.FirstAnswer.Status);
    }

    [Fact]
    public void A_decline_is_final_and_takes_nothing()
    {
        var state = After(new ChargeResult.Declined(Refused, "pi_1"), answersCaller: true);
        Assert.Equal(PaymentStatus.Declined, state.Status);
        Assert.Equal(Refused, state.LastError);
        Assert.Equal(0, state.AmountCaptured.MinorUnits);
    }

    [Theory]
    [InlineData("not_sent", "connector_unreachable")]
    [InlineData("rejected", "card_declined")]
    public void What_provably_took_nothing_fails_the_payment(string result, string code)
    {
        var state = After(result == "not_sent" ? new ChargeResult.NotSent("connection_refused") : new ChargeResult.Rejected(Refused), answersCaller: true);
        Assert.Equal(PaymentStatus.Failed, state.Status);
        Assert.Equal(code, state.LastError!.Code);
    }

    [Fact]
    public void Silence_is_not_refusal()
    {
        var state = After(new ChargeResult.Unknown("timeout"), answersCaller: true);
        Assert.Equal(PaymentStatus.Processing, state.Status);
        Assert.NotNull(state.OpenAttempt);
        Assert.Equal(PaymentStatus.Processing, state.FirstAnswer!.Status);
    }

    [Fact]
    public void Still_unknown_is_no_news_and_is_not_written()
    {
        var state = Opened();
        Assert.Empty(PaymentMachine.Conclude(state, 1, new ChargeResult.Unknown("timeout"), notFoundIsFinal: false, Waiting.Nobody, At));
        Assert.Empty(PaymentMachine.Conclude(state, 1, new ChargeResult.NotFound(), notFoundIsFinal: false, Waiting.Nobody, At));
    }

    [Fact]
    public void The_connectors_id_of_a_pending_charge_is_kept_once()
    {
        var state = Opened();
        var events = PaymentMachine.Conclude(state, 1, new ChargeResult.Pending("pi_1"), notFoundIsFinal: false, Waiting.Nobody, At);
        state = Fold(state, events, 2);
        Assert.Equal("pi_1", state.ConnectorReference);
        Assert.Empty(PaymentMachine.Conclude(state, 1, new ChargeResult.Pending("pi_1"), notFoundIsFinal: false, Waiting.Nobody, At));
    }

    [Fact]
    public void Not_found_proves_that_nothing_was_charged_only_after_the_settling_window()
    {
        var state = Opened();
        var events = PaymentMachine.Conclude(state, 1, new ChargeResult.NotFound(), notFoundIsFinal: true, Waiting.Nobody, At);
        state = Fold(state, events, 2);
        Assert.Equal(PaymentStatus.Failed, state.Status);
        Assert.Equal("attempt_not_sent", state.LastError!.Code);
        Assert.Equal(RetryAdvice.RetryLater, state.LastError.Advice);
    }

    [Fact]
    public void An_outcome_that_comes_after_the_answer_does_not_change_the_answer()
    {
        var state = After(new ChargeResult.Unknown("timeout"), answersCaller: true);
        var late = PaymentMachine.Conclude(state, 1, new ChargeResult.Approved("pi_1", Samples.Amount), notFoundIsFinal: false, Waiting.Nobody, At);
        state = Fold(state, late, 3);
        Assert.Equal(PaymentStatus.Captured, state.Status);
        Assert.Equal(PaymentStatus.Processing, state.FirstAnswer!.Status);
        Assert.Equal(2, state.FirstAnswer.Version);
    }

    [Fact]
    public void The_refusal_of_a_repetition_says_nothing_of_the_first_sending()
    {
        Assert.IsType<ChargeResult.Unknown>(PaymentMachine.JudgeRepetition(new ChargeResult.Rejected(Refused)));
        Assert.IsType<ChargeResult.Unknown>(PaymentMachine.JudgeRepetition(new ChargeResult.NotSent("connection_refused")));
        Assert.IsType<ChargeResult.Declined>(PaymentMachine.JudgeRepetition(new ChargeResult.Declined(Refused, "pi_1")));
        Assert.IsType<ChargeResult.Approved>(PaymentMachine.JudgeRepetition(new ChargeResult.Approved("pi_1", Samples.Amount)));
    }

    [Fact]
    public void A_concluded_payment_takes_no_further_word()
    {
        var state = After(new ChargeResult.Approved("pi_1", Samples.Amount), answersCaller: true);
        Assert.Empty(PaymentMachine.Conclude(state, 1, new ChargeResult.Declined(Refused, null), notFoundIsFinal: false, Waiting.Nobody, At));
        Assert.IsType<CallerAnswered>(
            Assert.Single(PaymentMachine.Conclude(state, 1, new ChargeResult.Declined(Refused, null), notFoundIsFinal: false, Waiting.Creator, At)));
        Assert.Throws<InvalidOperationException>(() => Fold(state, [new AttemptDeclined(1, Refused, null)], 3));
    }

    private static PaymentState Opened() => Fold(PaymentMachine.Open(Samples.Command(), Samples.Decision(), Samples.CardA, returnUrl: null), 1);

    private static PaymentState After(ChargeResult result, bool answersCaller)
    {
        var state = Opened();
        return Fold(state, PaymentMachine.Conclude(state, 1, result, notFoundIsFinal: false, answersCaller ? Waiting.Creator : Waiting.Nobody, At), 2);
    }

    private static PaymentState Fold(PaymentEvent[] events, int version) => Fold(null, events, version);

    private static PaymentState Fold(PaymentState? state, PaymentEvent[] events, int version)
    {
        foreach (var happened in events) state = PaymentMachine.Apply(Samples.Id, state, happened, version, At);
        return state!;
    }
}
