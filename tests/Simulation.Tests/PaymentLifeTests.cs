using OrleansPayments.Payments;
using OrleansPayments.Simulation.World;

namespace OrleansPayments.Simulation;

/// <summary>What seeds have found in the life of a payment, step by step.</summary>
public sealed class PaymentLifeTests
{
    [Fact]
    public void The_vault_is_never_shown_a_security_code()
    {
        var stage = new PaymentStage(1);
        stage.Play(async () =>
        {
            // The vault of the stage fails the test if it is.
            await stage.Create(CaptureMethod.Automatic, confirm: false);
            Assert.Equal(PaymentStatus.Captured, (await stage.Ask(payment => payment.Confirm(new ConfirmPayment(null, null, null)))).Value.Payment.Status);
        });
    }

    [Fact]
    public void What_the_repetition_of_a_lost_creation_was_told_is_told_to_the_next()
    {
        var stage = new PaymentStage(1);
        stage.Play(async () =>
        {
            var lost = stage.Create(CaptureMethod.Manual);
            while (!stage.Provider.Charges.Any()) await stage.Wait(TimeSpan.FromMilliseconds(1));
            stage.Silo.Crash();
            await Assert.ThrowsAsync<ConnectionLostException>(() => lost);
            stage.StartSilo();
            await stage.Ask(payment => payment.Sync());

            var first = (await stage.Create(CaptureMethod.Manual)).Value;
            await stage.Ask(payment => payment.Capture(new CapturePayment(null, null)));
            var second = (await stage.Create(CaptureMethod.Manual)).Value;
            Assert.Equal((PaymentStatus.Authorized, first.Payment.Version), (second.Payment.Status, second.Payment.Version));
            Assert.Equal(PaymentStatus.Captured, stage.Durable.Status);
        });
    }

    [Fact]
    public void What_the_repetition_of_a_lost_capture_was_told_is_told_to_the_next()
    {
        var stage = new PaymentStage(1);
        stage.Play(async () =>
        {
            await stage.Create(CaptureMethod.ManualMultiple);
            var command = new CapturePayment(30, new RequestIdentity("key", "fingerprint"));
            var lost = stage.Ask(payment => payment.Capture(command));
            while (stage.Charge.Captured.MinorUnits == 0) await stage.Wait(TimeSpan.FromMilliseconds(1));
            stage.Silo.Crash();
            await Assert.ThrowsAsync<ConnectionLostException>(() => lost);
            stage.StartSilo();
            await stage.Ask(payment => payment.Sync());

            var first = (await stage.Ask(payment => payment.Capture(command))).Value;
            await stage.Ask(payment => payment.Capture(new CapturePayment(null, null)));
            var second = (await stage.Ask(payment => payment.Capture(command))).Value;
            Assert.Equal((30, first.Payment.Version), (second.Payment.AmountCaptured.MinorUnits, second.Payment.Version));
            Assert.Equal(PaymentStatus.Captured, stage.Durable.Status);
        });
    }
}
