using OrleansPayments.Grains.Merchants;
using OrleansPayments.Merchants;

namespace OrleansPayments.Grains.Tests.Merchants;

/// <summary>What may be asked of a merchant where it stands, and where it stands then.</summary>
public sealed class MerchantTransitionsTests
{
    // Written by hand, not derived: a change of the table must be made twice. "-" is refused.
    private static readonly Dictionary<MerchantOperation, string[]> Expected = new()
    {
        //                                        Active       Suspended    Closed
        [MerchantOperation.Activate] = ["Active", "Active", "-"],
        [MerchantOperation.Suspend] = ["Suspended", "Suspended", "-"],
        [MerchantOperation.Close] = ["Closed", "Closed", "Closed"],
        [MerchantOperation.Update] = ["Active", "Suspended", "-"],
        [MerchantOperation.IssueApiKey] = ["Active", "Suspended", "-"],
        [MerchantOperation.RevokeApiKey] = ["Active", "Suspended", "Closed"],
        [MerchantOperation.ConfigureRouting] = ["Active", "Suspended", "-"],
    };

    [Fact]
    public void The_table_is_as_written_here_for_every_status_and_operation()
    {
        Assert.Equal(Enum.GetValues<MerchantOperation>().Order(), Expected.Keys.Order());
        foreach (var status in Enum.GetValues<MerchantStatus>())
        {
            foreach (var (operation, row) in Expected)
            {
                var next = MerchantTransitions.Allows(status, operation) ? MerchantTransitions.Next(status, operation).ToString() : "-";
                Assert.Equal((status, operation, row[(int)status]), (status, operation, next));
                if (next == "-") Assert.Throws<InvalidOperationException>(() => MerchantTransitions.Next(status, operation));
            }
        }
    }

    [Fact]
    public void No_row_stands_twice_and_each_status_is_reached_by_its_operation()
    {
        Assert.Equal(MerchantTransitions.Table.Count, MerchantTransitions.Table.Select(row => (row.From, row.Operation)).Distinct().Count());
        foreach (var status in Enum.GetValues<MerchantStatus>())
            Assert.Equal(status, MerchantTransitions.Next(MerchantStatus.Active, MerchantTransitions.To(status)));
    }
}
