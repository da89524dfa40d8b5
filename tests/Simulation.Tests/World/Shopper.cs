using System.Collections.Immutable;
using System.Globalization;
using Orleans.Simulation;
using OrleansPayments.Connectors;
using OrleansPayments.Payments;

namespace OrleansPayments.Simulation.World;

/// <summary>
/// A merchant's system that wants one payment: sends it, again and again under the same key when no answer comes (or gives up), sometimes twice at once, and then
/// reads it until it has ended.
/// </summary>
internal sealed class Shopper(PaymentWorld world, int number, SeededRandom random)
{
    private const int MostSendings = 12;

    private readonly CreatePayment _command = CommandOf(world, number, random);

    public PaymentId Id { get; } = PaymentId.FromIdempotencyKey("simulation", "payments", number.ToString(CultureInfo.InvariantCulture));

    /// <summary>What this merchant was told, in order.</summary>
    public AnswerBook Answers { get; } = new(world);

    public async Task Run()
    {
        await Pause(TimeSpan.Zero, TimeSpan.FromSeconds(20));
        var patience = random.Chance(0.3) ? 1 : MostSendings;
        if (random.Chance(0.2)) await Task.WhenAll(Submit(patience), Submit(patience));
        else await Submit(patience);

        if (_command.CaptureMethod != CaptureMethod.Automatic)
        {
            while (!await HasEnded()) await Pause(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(20));
            await Task.WhenAll(Enumerable.Range(0, random.Next(5)).Select(Operate));
        }

        while (!await HasEnded()) await Pause(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(20));
    }

    private async Task Submit(int patience)
    {
        for (var sending = 0; sending < patience; sending++)
        {
            var before = Answers.Mark;
            try
            {
                var outcome = await world.Silo.Call(grains => grains.Payment(Id).Create(_command));
                if (outcome.TryGet(out var result, out var refusal)) Answers.Created(result, before);
                else world.Fail($"{Id} was refused: {refusal.Code}");
                return;
            }
            catch (Exception e) when (Outage.Is(e))
            {
                await Pause(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(30));
            }
        }
    }

    // Captures and cancellations, several at once; with a key they are sent until they are answered, and sometimes once more.
    private async Task Operate(int number)
    {
        await Pause(TimeSpan.Zero, TimeSpan.FromSeconds(random.Pick([0, 0, 5, 40])));
        var identity = random.Chance(0.7) ? new RequestIdentity($"key-{number}", $"fingerprint-{number}") : null;
        var cancels = random.Chance(0.25);
        var amount = random.Chance(0.5) ? random.Between(1, (int)_command.Amount.MinorUnits) : (long?)null;
        PaymentView? earlier = null;
        for (var sending = 0; sending < (identity is null ? 1 : MostSendings); sending++)
        {
            var before = Answers.Mark;
            try
            {
                var outcome = cancels
                    ? await world.Silo.Call(grains => grains.Payment(Id).Cancel(new CancelPayment("changed my mind", identity)))
                    : await world.Silo.Call(grains => grains.Payment(Id).Capture(new CapturePayment(amount, identity)));
                if (outcome.TryGet(out var answer, out var refusal)) Answers.Operated(answer, earlier, before);
                else if (refusal.Code is not (RefusalCode.InvalidState or RefusalCode.AmountExceedsCapturable or RefusalCode.NotFound)) world.Fail($"{Id} was refused: {refusal.Code}");
                if (random.Chance(0.7)) return;
                earlier ??= answer?.Payment;
            }
            catch (Exception e) when (Outage.Is(e))
            {
                await Pause(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(30));
            }
        }
    }

    // A payment that was never written is nowhere, and stays so: its merchant was never told otherwise.
    private async Task<bool> HasEnded()
    {
        var before = Answers.Mark;
        try
        {
            var view = random.Chance(0.3)
                ? await world.Silo.Call(grains => grains.Payment(Id).Sync())
                : await world.Silo.Call(grains => grains.Payment(Id).Get());
            Answers.Read(Id, view, before);
            return view is null ? world.IsQuiet : view.Status is not (PaymentStatus.Created or PaymentStatus.Processing);
        }
        catch (Exception e) when (Outage.Is(e))
        {
            return false;
        }
    }

    private Task Pause(TimeSpan shortest, TimeSpan longest) => Task.Delay(random.Between(shortest, longest), world.Loop.Outside.Time);

    private static CreatePayment CommandOf(PaymentWorld world, int number, SeededRandom random)
    {
        var fate = random.Chance(0.7) ? CardFate.Approved : (CardFate)random.Next(4);
        var preferred = random.Chance(0.5) ? random.Pick(world.Connectors).Value : null;
        var amount = Money.FromMinorUnits(random.Between(1, 500_000), Currency.Parse(random.Chance(0.8) ? "EUR" : "JPY"));
        return new CreatePayment(
            random.Pick(world.Merchants), amount, new CardDetails("424242424242424" + (int)fate, 12, 2034, "123", null), $"order-{number}", null, null, preferred, null,
            ImmutableSortedDictionary<string, string>.Empty, null, $"fingerprint-{number}",
            random.Pick([CaptureMethod.Automatic, CaptureMethod.Automatic, CaptureMethod.Manual, CaptureMethod.ManualMultiple]));
    }
}
