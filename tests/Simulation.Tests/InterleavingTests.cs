using OrleansPayments.Payments;
using OrleansPayments.Simulation.World;

namespace OrleansPayments.Simulation;

/// <summary>
/// Captures, cancellations and notices on one payment that are all let go in the same millisecond; the seed decides in which order they meet. Whatever the order, the
/// funds go one way: taken, at most to the amount, or released.
/// </summary>
public sealed class InterleavingTests
{
    private const int Interleavings = 1000;
    private const int Amount = 100;

    [Fact]
    public void However_captures_cancellations_and_notices_meet_exactly_one_of_them_wins()
    {
        var outcomes = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var seed = 1; seed <= Interleavings; seed++)
        {
            var outcome = Race((ulong)seed, seed % 2 == 0 ? CaptureMethod.Manual : CaptureMethod.ManualMultiple);
            outcomes[outcome] = outcomes.GetValueOrDefault(outcome) + 1;
        }

        Assert.Equal(Interleavings, outcomes.Values.Sum());

        // Each side wins often enough for the others' losing to mean something.
        Assert.All(["captured", "cancelled", "let go"], outcome => Assert.True(outcomes.GetValueOrDefault(outcome) >= 50, $"{outcome}: {outcomes.GetValueOrDefault(outcome)}"));
    }

    private static string Race(ulong seed, CaptureMethod method)
    {
        var stage = new PaymentStage(seed);
        var answers = new List<(bool IsCapture, Outcome<PaymentAnswer> Answer)>();
        var isLetGo = false;
        stage.Play(async () =>
        {
            await stage.Create(method);
            var stale = stage.NoticeNow();
            var racers = new List<Func<Task>> { () => Operate(1), () => Operate(2), () => Operate(3), () => stage.Ask(payment => payment.Notify(stale)), Notify, Notify };
            if (stage.Random.Chance(0.3)) racers.Add(LetGo);
            await Task.WhenAll(racers.OrderBy(_ => stage.Random.NextUInt64()).ToList().Select(racer => racer()));

            // What a refused operation left open is found out, and a notice of how it all ended has nothing to tell.
            await stage.Ask(payment => payment.Sync());
            Assert.False(await stage.Ask(payment => payment.Notify(stage.NoticeNow())));
            Assert.False(await stage.Ask(payment => payment.Notify(stale)));
        });

        return Judge(stage, method, answers, isLetGo);

        async Task Operate(int number)
        {
            var isCapture = number == 1 || (number == 2 && stage.Random.Chance(0.5));
            var identity = new RequestIdentity($"key-{number}", "fingerprint");
            long? amount = stage.Random.Chance(0.5) ? stage.Random.Between(1, Amount) : null;
            var answer = isCapture
                ? await stage.Ask(payment => payment.Capture(new CapturePayment(amount, identity)))
                : await stage.Ask(payment => payment.Cancel(new CancelPayment("race", identity)));
            answers.Add((isCapture, answer));
        }

        // Told as the provider has it at some time in the race.
        async Task Notify()
        {
            await stage.Wait(stage.Random.Between(TimeSpan.Zero, TimeSpan.FromMilliseconds(900)));
            var notice = stage.NoticeNow();
            await stage.Ask(payment => payment.Notify(notice));
        }

        async Task LetGo()
        {
            await stage.Wait(stage.Random.Between(TimeSpan.Zero, TimeSpan.FromMilliseconds(300)));
            isLetGo = stage.Charge.TryLetGo();
            await stage.Ask(payment => payment.Notify(stage.NoticeNow()));
        }
    }

    private static string Judge(PaymentStage stage, CaptureMethod method, List<(bool IsCapture, Outcome<PaymentAnswer> Answer)> answers, bool isLetGo)
    {
        var (charge, payment) = (stage.Charge, stage.Durable);
        Assert.Equal(charge.Captured, payment.AmountCaptured);
        Assert.InRange(payment.AmountCaptured.MinorUnits, 0, Amount);

        var done = answers.Where(answer => answer.Answer.TryGet(out var told, out _) && told.Payment.LastError is null).ToList();
        var captures = done.Count(answer => answer.IsCapture);
        var cancellations = done.Count - captures;
        if (payment.AmountCaptured.MinorUnits > 0)
        {
            Assert.Contains(payment.Status, new[] { PaymentStatus.Captured, PaymentStatus.PartiallyCaptured });
            Assert.Equal(0, cancellations);
            Assert.InRange(captures, 1, method == CaptureMethod.Manual ? 1 : 2);
            return "captured";
        }

        Assert.Equal((PaymentStatus.Cancelled, ChargeStatus.Cancelled), (payment.Status, charge.Status));
        Assert.Equal(0, captures);

        // A cancellation that finds the funds let go already, and hears of it first, has what it wanted.
        Assert.InRange(cancellations, isLetGo ? 0 : 1, 1);
        return isLetGo ? "let go" : "cancelled";
    }
}
