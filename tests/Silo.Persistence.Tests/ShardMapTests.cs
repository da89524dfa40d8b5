namespace OrleansPayments.Silo.Persistence.Tests;

public sealed class ShardMapTests
{
    // If this fails, the function was changed, and every existing database's order is broken: undo the change.
    [Theory]
    [InlineData("pay_1", 50)]
    [InlineData("pay_2", 52)]
    [InlineData("mer_a", 35)]
    [InlineData("txn_0123456789abcdef", 59)]
    [InlineData("konto_ä€😀", 34)]
    public void The_shard_of_an_entity_never_changes(string entity, int shard) => Assert.Equal(shard, new ShardMap(64).ShardOf(entity));

    [Fact]
    public void Entities_spread_evenly_over_the_shards()
    {
        var map = new ShardMap(64);
        var counts = new int[64];
        for (var i = 0; i < 64_000; i++)
            counts[map.ShardOf($"pay_{i}")]++;
        Assert.All(counts, count => Assert.InRange(count, 850, 1150));
    }
}
