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

    private static ChargeResult AnswerOf(string name) => name switch
    {
        "unknown" => new ChargeResult.Unknown("timeout"),
        "pending" => new ChargeResult.Pending(FailoverStage.Declined),
        "rejected" => new ChargeResult.Rejected(new PaymentError("connector_credentials_refused", "No.", null, RetryAdvice.RetryLater)),
        "not_sent" => new ChargeResult.NotSent("connection_refused"),
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };
}
