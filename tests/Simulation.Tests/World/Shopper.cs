using System.Collections.Immutable;
using System.Globalization;
using Orleans.Simulation;
using OrleansPayments.Connectors;
using OrleansPayments.Payments;

namespace OrleansPayments.Simulation.World;

/// <summary>
/// A merchant's system that wants one payment, and its payer: sends it, again and again under the same key when no answer comes (or gives up), sometimes twice at
/// once, confirms it where that is left to do, captures and cancels what is held, several at once, and reads it until it has ended.
/// </summary>
internal sealed class Shopper(PaymentWorld world, int number, SeededRandom random)
{
    private const int MostSendings = 12;

    private const int MostLooks = 20;

    // A merchant who has waited so many looks for a payer gives up.
    private const int LooksForPayer = 12;

    private readonly CreatePayment _command = CommandOf(world, number, random);
    private readonly List<Task> _meanwhile = [];
    private bool _hasOperated;
    private bool _isPayerSent;
    private bool _hasGivenUp;
    private int _looksForPayer;

    public PaymentId Id { get; } = PaymentId.FromIdempotencyKey("simulation", "payments", number.ToString(CultureInfo.InvariantCulture));

    /// <summary>What this merchant was told, in order.</summary>
    public AnswerBook Answers { get; } = new(world);

    public async Task Run()
    {
        await Pause(TimeSpan.Zero, TimeSpan.FromSeconds(20));
        var patience = random.Chance(0.3) ? 1 : MostSendings;
        if (random.Chance(0.1)) _meanwhile.Add(Cancel("early", TimeSpan.FromSeconds(60)));
        if (random.Chance(0.2)) await Task.WhenAll(Submit(patience), Submit(patience));
        else await Submit(patience);

        if (!_command.Confirm) await ConfirmSomehow();
        await FollowToTheEnd();
    }

    /// <summary>When all others have ended and nothing is on its way: asks the provider once more, and follows what that shows.</summary>
    public async Task LookAgain()
    {
        var isAnswered = false;
        for (var look = 0; look < MostLooks && (!isAnswered || IsHoldUnknown() || IsPassedChargeUnknown()); look++)
        {
            // The silo may be on its way up.
            isAnswered = (await Look(asks: true)).IsAnswered;
            await Pause(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5));
        }

        await FollowToTheEnd();

        // The question may have had no answer in time.
        bool IsHoldUnknown() => world.Books.Record(Id).View?.Status == PaymentStatus.Authorized && world.Books.ChargesOf(Id).Any(charge => charge.IsReleased);

        bool IsPassedChargeUnknown()
        {
            var record = world.Books.Record(Id);
            return world.Books.ChargesOf(Id).Any(charge => charge.HasFunds && record.IsPassedOn(charge.Reference.Attempt) && !record.Surfaced.Contains(charge.Reference.Attempt));
        }
    }

    private async Task FollowToTheEnd()
    {
        while (!await Follow()) await Pause(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(20));
        await Task.WhenAll(_meanwhile);
        _meanwhile.Clear();
    }

    // One look, and what follows from it; true when nothing is to be waited for any more.
    private async Task<bool> Follow()
    {
        var (isAnswered, view) = await Look(asks: random.Chance(0.3));
        if (!isAnswered) return false;

        // A payment that was never written is nowhere, and stays so: its merchant was never told otherwise.
        if (view is null) return world.IsQuiet;
        if (view.NextAction is not null && !_isPayerSent)
        {
            _isPayerSent = true;
            _meanwhile.Add(SendPayer(view));
        }

        switch (view.Status)
        {
            case var _ when view.WorkItem is not null:
                await Task.WhenAll(_meanwhile);
                await Try(() => world.Operator.LookInto(view, Answers));
                return false;
            case PaymentStatus.Created:
                return view.ExpiresAt - view.CreatedAt > TimeSpan.FromHours(1);
            case PaymentStatus.RequiresAction when ++_looksForPayer > LooksForPayer && !_hasGivenUp:
                _hasGivenUp = true;
                await Cancel("given up", TimeSpan.Zero);
                return false;
            case PaymentStatus.Processing or PaymentStatus.RequiresAction:
                return false;
            case PaymentStatus.Authorized when !_hasOperated:
                _hasOperated = true;
                await Task.WhenAll(Enumerable.Range(0, random.Next(5)).Select(Operate));
                return false;
            default:
                return true;
        }
    }

    private async Task Submit(int patience)
    {
        for (var sending = 0; sending < patience; sending++)
        {
            var before = Answers.Mark;
            var isAnswered = await Try(async () =>
            {
                var outcome = await world.Silo.Call(grains => grains.Payment(Id).Create(_command));
                if (outcome.TryGet(out var result, out var refusal)) Answers.Created(result, before);
                else world.Fail($"{Id} was refused: {refusal.Code}");
            });
            if (isAnswered && random.Chance(0.9)) return;
            await Pause(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(30));
        }
    }

    // Once, twice at once by two or by the same, in time or just about, or never.
    private async Task ConfirmSomehow()
    {
        await Pause(TimeSpan.Zero, TimeSpan.FromSeconds(random.Pick([0, 5, 20])));
        if (random.Chance(0.2) && world.ConfirmWithin < TimeSpan.FromHours(1)) await Pause(world.ConfirmWithin * 0.8, world.ConfirmWithin * 1.1);
        switch (random.Next(8))
        {
            case 0:
                break;
            case 1:
                await Cancel("before it began", TimeSpan.Zero);
                break;
            case 2:
                await Task.WhenAll(Confirm("a"), Confirm("b"));
                break;
            case 3:
                var same = ConfirmationOf("a");
                await Task.WhenAll(Confirm(same), Confirm(same));
                break;
            default:
                await Confirm("a");
                break;
        }
    }

    private Task Confirm(string name) => Confirm(ConfirmationOf(name));

    private ConfirmPayment ConfirmationOf(string name)
    {
        var card = random.Chance(0.4) ? CardOf(random) : null;
        return new ConfirmPayment(card, null, random.Chance(0.7) ? new RequestIdentity("confirmation-" + name, card?.Number ?? "") : null);
    }

    private Task Confirm(ConfirmPayment command) => Insist(command.Identity, grains => grains.Payment(Id).Confirm(command));

    private async Task Cancel(string name, TimeSpan latest)
    {
        await Pause(TimeSpan.Zero, latest);
        var identity = random.Chance(0.7) ? new RequestIdentity(name, name) : null;
        await Insist(identity, grains => grains.Payment(Id).Cancel(new CancelPayment(name, identity)));
    }

    private async Task Operate(int number)
    {
        await Pause(TimeSpan.Zero, TimeSpan.FromSeconds(random.Pick([0, 0, 5, 40])));
        if (random.Chance(0.25))
        {
            await Cancel($"changed my mind {number}", TimeSpan.Zero);
            return;
        }

        var identity = random.Chance(0.7) ? new RequestIdentity($"key-{number}", $"fingerprint-{number}") : null;
        var amount = random.Chance(0.5) ? random.Between(1, (int)_command.Amount.MinorUnits) : (long?)null;
        await Insist(identity, grains => grains.Payment(Id).Capture(new CapturePayment(amount, identity)));
    }

    // With a key it is sent until it is answered, and sometimes once more.
    private async Task Insist(RequestIdentity? identity, Func<IGrainFactory, Task<Outcome<PaymentAnswer>>> call)
    {
        PaymentView? earlier = null;
        for (var sending = 0; sending < (identity is null ? 1 : MostSendings); sending++)
        {
            var before = Answers.Mark;
            var isAnswered = await Try(async () =>
            {
                var outcome = await world.Silo.Call(call);
                if (outcome.TryGet(out var answer, out var refusal)) Answers.Operated(answer, earlier, before);
                else if (refusal.Code is not (RefusalCode.InvalidState or RefusalCode.AmountExceedsCapturable or RefusalCode.NotFound)) world.Fail($"{Id} was refused: {refusal.Code}");
                earlier ??= answer?.Payment;
            });
            if (isAnswered && random.Chance(0.7)) return;
            await Pause(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(30));
        }
    }

    // The payer follows the merchant's redirect, and comes back through the return address, which asks the provider.
    private async Task SendPayer(PaymentView view)
    {
        var charge = world.Books.ChargesOf(Id).Single(charge => charge.Id == view.ConnectorReference);
        if (charge.Fate == CardFate.Abandoned) return;

        if (charge.Fate == CardFate.AuthenticatedLate && view.ExpiresAt is { } expiry) await Pause(TimeSpan.Zero, expiry + TimeSpan.FromSeconds(5) - (SimulationLoop.Epoch + world.Loop.Elapsed));
        else await Pause(TimeSpan.Zero, TimeSpan.FromSeconds(random.Pick([1, 10, 60])));
        world.Visit(charge);
        if (random.Chance(0.6)) await Look(asks: true);
    }

    private async Task<(bool IsAnswered, PaymentView? View)> Look(bool asks)
    {
        var before = Answers.Mark;
        PaymentView? view = null;
        var isAnswered = await Try(async () =>
        {
            view = asks ? await world.Silo.Call(grains => grains.Payment(Id).Sync()) : await world.Silo.Call(grains => grains.Payment(Id).Get());
            Answers.Read(Id, view, before);
        });
        return (isAnswered, view);
    }

    private static async Task<bool> Try(Func<Task> call)
    {
        try
        {
            await call();
            return true;
        }
        catch (Exception e) when (Outage.Is(e))
        {
            return false;
        }
    }

    private Task Pause(TimeSpan shortest, TimeSpan longest) =>
        Task.Delay(random.Between(shortest, longest > shortest ? longest : shortest), world.Loop.Outside.Time);

    private static CreatePayment CommandOf(PaymentWorld world, int number, SeededRandom random)
    {
        var preferred = random.Chance(0.5) ? random.Pick(world.Connectors).Value : null;
        var amount = Money.FromMinorUnits(random.Between(1, 500_000), Currency.Parse(random.Chance(0.8) ? "EUR" : "JPY"));
        return new CreatePayment(
            random.Pick(world.Merchants), amount, CardOf(random), $"order-{number}", null, null, preferred, random.Chance(0.9) ? "https://shop.example/" : null,
            ImmutableSortedDictionary<string, string>.Empty, null, $"fingerprint-{number}",
            random.Pick([CaptureMethod.Automatic, CaptureMethod.Automatic, CaptureMethod.Manual, CaptureMethod.ManualMultiple]), Confirm: random.Chance(0.7));
    }

    private static CardDetails CardOf(SeededRandom random)
    {
        var fate = random.Chance(0.5) ? CardFate.Approved : (CardFate)random.Next(8);
        return new CardDetails("424242424242424" + (int)fate, 12, 2034, "123", null);
    }
}
