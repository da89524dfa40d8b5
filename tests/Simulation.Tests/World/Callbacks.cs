using System.Globalization;
using Orleans.Simulation;
using OrleansPayments.Connectors;
using OrleansPayments.Payments;

namespace OrleansPayments.Simulation.World;

/// <summary>
/// What providers tell by themselves, as the callback endpoint hands it on: each notice says how its charge stood when it was written, and comes at once or after
/// minutes, before the answer to the call that made the change, twice, out of order, or never. It is delivered again until it is acknowledged.
/// </summary>
internal sealed class Callbacks(PaymentWorld world, SeededRandom random, FaultPlan faults)
{
    private const int MostDeliveries = 12;

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(60);

    private int _written;

    /// <summary>How many are still to be delivered.</summary>
    public int UnderWay { get; private set; }

    private bool Faulty => world.Loop.Elapsed < faults.QuietAfter;

    public void Tell(ProviderServer provider, Charge charge)
    {
        if (!faults.SendsNotices) return;

        var (error, action) = ProviderServer.DetailsOf(charge);
        var notice = new ChargeNotice(
            "evt_" + (++_written).ToString(CultureInfo.InvariantCulture), "charge." + charge.Status, ConnectorName.Parse(provider.Name), charge.Reference.Attempt,
            charge.Id, charge.Status, charge.Amount, charge.Captured, error, action);
        if (Faulty && random.Chance(faults.NoticeLost)) return;

        Deliver(charge, notice);
        if (random.Chance(faults.NoticeTwice)) Deliver(charge, notice);
    }

    private void Deliver(Charge charge, ChargeNotice notice)
    {
        UnderWay++;
        var change = charge.Changes;
        world.Loop.Outside.After(Delay(), () => world.Loop.Outside.Run("notice", () => _ = Deliver(charge, change, notice)));
    }

    private async Task Deliver(Charge charge, int change, ChargeNotice notice)
    {
        var pause = TimeSpan.FromMilliseconds(500);
        for (var delivery = 0; delivery < MostDeliveries; delivery++)
        {
            try
            {
                var news = await world.Silo.Call(grains => grains.Payment(charge.Reference.PaymentId).Notify(notice));
                world.Loop.Note($"{notice.EventId} ({notice.Status}, {notice.AmountCaptured.MinorUnits}) on {charge.Id} taken; news: {news}");
                charge.Told = Math.Max(charge.Told, change);
                break;
            }
            catch (Exception e) when (Outage.Is(e))
            {
                await Task.Delay(pause, world.Loop.Outside.Time);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                world.Fail($"a notice of {charge.Id} met {e}");
                break;
            }
        }

        UnderWay--;
    }

    private TimeSpan Delay()
    {
        var longest = random.Chance(faults.NoticeLate) ? TimeSpan.FromMinutes(3) : TimeSpan.FromMilliseconds(random.Pick([0, 30, 600, 4_000]));
        return random.Between(TimeSpan.Zero, longest);
    }
}
