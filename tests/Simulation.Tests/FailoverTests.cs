using OrleansPayments.Grains.Connectors;
using OrleansPayments.Payments;
using OrleansPayments.Simulation.World;

namespace OrleansPayments.Simulation;

/// <summary>The ways between an attempt and the next, step by step.</summary>
public sealed class FailoverTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public void A_decline_is_recorded_when_the_next_connector_cannot_be_asked()
    {
        var stage = new FailoverStage();
        stage.Play(async () =>
        {
            // The second connector leaves memory, and the directory of connectors does not.
            for (var minutes = 0; minutes < 5; minutes++)
            {
                await stage.Wait(TimeSpan.FromMinutes(1));
                await stage.AskGrains(grains => grains.Routing().ListConnectors());
            }

            stage.Refuses = entity => entity.Contains("beta", StringComparison.Ordinal);
            var paid = await stage.Pay();
            Assert.Equal((PaymentStatus.Declined, "processing_error", "alpha"), (paid.Status, paid.LastError?.Code, paid.Connector));
            Assert.Equal((PaymentStatus.Declined, 0), (stage.Durable.Status, stage.Second.Charges));
        });
    }

    [Theory]
    [InlineData("unknown")]
    [InlineData("pending")]
    [InlineData("rejected")]
    [InlineData("not_sent")]
    public void A_decline_that_was_told_is_the_answer_where_the_connectors_own_does_not_decide(string answer)
    {
        var stage = new FailoverStage();
        stage.First.Charging = _ => stage.After(Second, AnswerOf(answer));
        stage.Play(async () =>
        {
            var paying = stage.Pay();
            while (stage.First.Charges == 0) await stage.Wait(TimeSpan.FromMilliseconds(1));
            await stage.Ask(payment => payment.Notify(stage.Notice(ChargeStatus.Declined)));
            var paid = await paying;
            Assert.Equal((PaymentStatus.Declined, "processing_error", FailoverStage.Declined), (paid.Status, paid.LastError?.Code, paid.ConnectorReference));
            Assert.Equal(PaymentStatus.Declined, stage.Durable.Status);
            Assert.Equal(0, stage.Second.Charges);
        });
    }

    [Theory]
    [InlineData("rejected")]
    [InlineData("not_sent")]
    public void A_charge_that_its_provider_told_of_is_asked_after_whatever_the_answer_says(string answer)
    {
        var stage = new FailoverStage();
        stage.First.Charging = _ => stage.After(Second, AnswerOf(answer));
        stage.Play(async () =>
        {
            var paying = stage.Pay();
            while (stage.First.Charges == 0) await stage.Wait(TimeSpan.FromMilliseconds(1));
            await stage.Ask(payment => payment.Notify(stage.Notice(ChargeStatus.Pending)));
            var paid = await paying;
            Assert.Equal((PaymentStatus.Processing, null, FailoverStage.Declined), (paid.Status, paid.LastError, paid.ConnectorReference));

            // A search that does not show it proves nothing, and what it came to is found.
            stage.First.Finding = () => Task.FromResult<ChargeResult>(new ChargeResult.NotFound());
            await stage.Wait(FaultPlan.SettlingWindow * 2);
            Assert.Equal(PaymentStatus.Processing, stage.Durable.Status);
            stage.First.Finding = () => Task.FromResult<ChargeResult>(new ChargeResult.Approved(FailoverStage.Declined, FailoverStage.Amount));
            await stage.Ask(payment => payment.Sync());
            Assert.Equal((PaymentStatus.Captured, 0), (stage.Durable.Status, stage.Second.Charges));
        });
    }

    [Fact]
    public void Asking_after_a_payment_does_not_wait_for_the_connector_that_declined()
    {
        var stage = new FailoverStage();
        stage.First.Looking = () => stage.After(Second * 9, (ChargeNotice?)stage.Notice(ChargeStatus.Captured));
        stage.Play(async () =>
        {
            Assert.Equal(PaymentStatus.Captured, (await stage.Pay()).Status);
            await stage.Wait(Second * 30);
            var begun = stage.Loop.Elapsed;
            for (var time = 0; time < 3; time++)
            {
                Assert.Equal(PaymentStatus.Captured, (await stage.Ask(payment => payment.Sync()))!.Status);
                await stage.Wait(Second);
            }

            Assert.InRange(stage.Loop.Elapsed - begun, Second * 3, Second * 4);
            Assert.Null(stage.Durable.WorkItem);

            // One look at a time, and what it shows is taken in.
            await stage.Wait(Second * 10);
            Assert.Equal((WorkItem.ChargeOfPassedAttempt, 1), (stage.Durable.WorkItem?.Reason, stage.First.Looks));
        });
    }

    [Fact]
    public void A_charge_that_was_cancelled_is_not_looked_at_again()
    {
        var stage = new FailoverStage();
        stage.First.Cancelling = () => Task.FromResult(FailoverStage.Done);
        stage.Play(async () =>
        {
            await stage.Pay();
            await stage.Wait(Second * 30);
            await stage.Ask(payment => payment.Sync());
            await stage.Wait(Second);
            Assert.Equal((1, 0), (stage.First.Cancellations, stage.First.Looks));
        });
    }

    [Fact]
    public void A_look_that_fails_is_one_of_three_tries()
    {
        var stage = new FailoverStage();
        stage.First.Cancelling = () => Task.FromResult(FailoverStage.Refused);
        stage.First.Looking = () => Task.FromResult<ChargeNotice?>(stage.Notice(ChargeStatus.Captured));
        stage.Play(async () =>
        {
            await stage.Pay();
            stage.Refuses = entity => entity == stage.Id.Value;
            await stage.Wait(TimeSpan.FromMinutes(1));
            Assert.Equal(3, stage.First.Cancellations);
            Assert.Null(stage.Durable.WorkItem);

            // Given up is not forgotten: whoever asks finds it.
            stage.Refuses = _ => false;
            await stage.Ask(payment => payment.Sync());
            await stage.Wait(Second);
            Assert.Equal(WorkItem.ChargeOfPassedAttempt, stage.Durable.WorkItem?.Reason);
        });
    }

    [Fact]
    public void A_refused_cancellation_ends_the_tries_once_it_is_seen_what_became_of_the_charge()
    {
        var stage = new FailoverStage();
        stage.First.Cancelling = () => Task.FromResult(FailoverStage.Refused);
        stage.First.Looking = () => Task.FromResult(stage.First.Looks < 2 ? null : stage.Notice(ChargeStatus.Captured));
        stage.Play(async () =>
        {
            await stage.Pay();
            await stage.Wait(TimeSpan.FromMinutes(1));
            Assert.Equal((2, 2), (stage.First.Cancellations, stage.First.Looks));
            Assert.Equal(WorkItem.ChargeOfPassedAttempt, stage.Durable.WorkItem?.Reason);
        });
    }

    private static ChargeResult AnswerOf(string name) => name switch
    {
        "unknown" => new ChargeResult.Unknown("timeout"),
        "pending" => new ChargeResult.Pending(FailoverStage.Declined),
        "rejected" => new ChargeResult.Rejected(new PaymentError("connector_credentials_refused", "No.", null, RetryAdvice.RetryLater)),
        "not_sent" => new ChargeResult.NotSent("connection_refused"),
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };
}
