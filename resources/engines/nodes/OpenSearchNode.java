// One OpenSearch node out of the jars that Maven brings, without an installation around it.
// Run by java's single-file launch: java -cp 'JARS/*' OpenSearchNode.java FOLDER HTTP_PORT TRANSPORT_PORT
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import org.opensearch.common.settings.Settings;
import org.opensearch.env.Environment;
import org.opensearch.node.Node;
import org.opensearch.plugins.Plugin;

public class OpenSearchNode {
  static class Embedded extends Node {
    Embedded(Environment environment, Collection<Class<? extends Plugin>> plugins) {
      super(environment, plugins, false);
    }
  }

  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]);
    Path config = Files.createDirectories(folder.resolve("config"));
    Settings settings = Settings.builder()
        .put("path.home", folder.toString())
        .put("path.data", folder.resolve("data").toString())
        .put("path.logs", folder.resolve("logs").toString())
        .put("cluster.name", "foldline")
        .put("node.name", "foldline-1")
        .put("network.host", "127.0.0.1")
        .put("http.port", arguments[1])
        .put("transport.port", arguments[2])
        .put("discovery.type", "single-node")
        .put("transport.type", "netty4")
        .put("http.type", "netty4")
        .put("cluster.routing.allocation.disk.threshold_enabled", false)
        .put("action.auto_create_index", false)
        .put("node.processors", 2)
        .build();
    Class<? extends Plugin> network =
        Class.forName("org.opensearch.transport.Netty4Plugin").asSubclass(Plugin.class);
    Node node = new Embedded(new Environment(settings, config), List.of(network));
    Runtime.getRuntime().addShutdownHook(new Thread(() -> close(node)));
    node.start();
    System.out.println("READY " + org.opensearch.Version.CURRENT);
    Thread.currentThread().join();
  }

  private static void close(Node node) {
    try {
      node.close();
    } catch (Exception error) {
      error.printStackTrace();
    }
  }
}
