using Orleans.Runtime;
using OrleansPayments.Grains.Shared.Journal;

namespace OrleansPayments.Simulation.World;

/// <summary>What those who call the silo see as "try again": 503 and a broken connection. Anything else is a bug of the system.</summary>
internal static class Outage
{
    public static bool Is(Exception? exception) => exception is ConnectionLostException or JournalUnavailableException or OrleansException or TimeoutException;
}
