using System.Globalization;
using Orleans.Simulation;
using OrleansPayments.Grains.Connectors;
using OrleansPayments.Payments;

namespace OrleansPayments.Simulation.World;

/// <summary>
/// A payment service provider as the outside sees it: takes each reference once, whenever it arrives, and repeats its answer to a repetition. What a card comes to
/// depends on its number, so that a run's every sending of it agrees.
/// </summary>
internal sealed class ProviderServer(string name, SimulationLoop loop, SeededRandom random, FaultPlan faults)
{
    private readonly SortedDictionary<string, Charge> _charges = new(StringComparer.Ordinal);

    public string Name => name;

    /// <summary>Looks at each charge in the moment in which it first takes effect.</summary>
    public Action<ProviderServer, Charge>? OnEffect { get; set; }

    public IEnumerable<Charge> Charges => _charges.Values;

    private bool Faulty => loop.Elapsed < faults.QuietAfter;

    /// <summary>The way of one charge from the silo to the provider and back. The answer is given in the silo, if it still lives.</summary>
    public void Send(SimulatedProcess silo, ChargeRequest request, Action<ChargeResult> answer)
    {
        if (Hits(faults.ConnectionRefused))
        {
            silo.After(Latency(), () => answer(new ChargeResult.NotSent("connection_refused")));
            return;
        }

        if (Hits(faults.RequestLost))
        {
            loop.Note($"a charge {request.Reference} to {name} is lost on its way");
            return;
        }

        var flight = Hits(faults.RequestLate) ? random.Between(TimeSpan.FromSeconds(1), FaultPlan.LongestFlight) : Latency();
        var errorBefore = Hits(faults.ServerErrorBefore);
        var errorAfter = Hits(faults.ServerErrorAfter);
        var answerLost = Hits(faults.AnswerLost);
        loop.Outside.After(flight, () =>
        {
            var result = errorBefore ? new ChargeResult.Unknown("server_error") : Take(request);
            if (errorAfter) result = new ChargeResult.Unknown("server_error");
            if (!answerLost) silo.After(Latency(), () => answer(result));
        });
    }

    /// <summary>The way of one question.</summary>
    public void Ask(SimulatedProcess silo, ChargeInquiry inquiry, Action<ChargeResult> answer)
    {
        if (Hits(faults.RequestLost)) return;
        var error = Hits(faults.ServerErrorBefore);
        loop.Outside.After(Latency(), () =>
        {
            var result = error ? new ChargeResult.Unknown("server_error") : Find(inquiry);
            silo.After(Latency(), () => answer(result));
        });
    }

    private ChargeResult Take(ChargeRequest request)
    {
        var reference = request.Reference.ToString();
        if (!_charges.TryGetValue(reference, out var charge))
        {
            var number = (_charges.Count + 1).ToString(CultureInfo.InvariantCulture);
            var lag = Hits(faults.SearchBehind) ? random.Between(TimeSpan.Zero, FaultPlan.LongestSearchLag) : TimeSpan.Zero;
            charge = new Charge($"{name}_{number}", request.Reference, request.Amount, loop.Elapsed + lag, FateOf(request.Card));
            _charges.Add(reference, charge);
            loop.Note($"{name} takes {reference}: {charge.Fate}");
            OnEffect?.Invoke(this, charge);
            if (charge.Fate is CardFate.ApprovedLater or CardFate.DeclinedLater)
                loop.Outside.After(random.Between(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(20)), () => charge.Settle());
        }

        return AnswerOf(charge);
    }

    private ChargeResult Find(ChargeInquiry inquiry)
    {
        if (!_charges.TryGetValue(inquiry.Reference.ToString(), out var charge)) return new ChargeResult.NotFound();

        // With the provider's own id it is looked up and not searched for.
        return inquiry.ConnectorReference == charge.Id || charge.SearchableFrom <= loop.Elapsed ? AnswerOf(charge) : new ChargeResult.NotFound();
    }

    private static ChargeResult AnswerOf(Charge charge) => charge.Fate switch
    {
        CardFate.Approved => new ChargeResult.Approved(charge.Id, charge.Amount),
        CardFate.Declined => new ChargeResult.Declined(
            new PaymentError("card_declined", "The card was declined.", "generic_decline", RetryAdvice.TryOtherMethod), charge.Id),
        _ => new ChargeResult.Pending(charge.Id),
    };

    private static CardFate FateOf(CardDetails card) => (CardFate)(card.Number[^1] - '0');

    private bool Hits(double probability) => Faulty && random.Chance(probability);

    private TimeSpan Latency() => random.Between(TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(400));
}
